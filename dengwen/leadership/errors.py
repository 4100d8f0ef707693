"""What can be wrong with a leader's act or with the roster, said in both languages."""

from __future__ import annotations

from dengwen.law.errors import StatedError


class LeadershipError(StatedError, ValueError):
    """Something about a leader's work that cannot be: where, why, and the mend."""

    @staticmethod
    def no_matter(where: str) -> LeadershipError:
        """No such matter, or none this leader may deal with: the answer is the same whichever it
        is (access 4.2)."""
        return LeadershipError(
            "no-matter",
            where=where,
            zh="没有这个编号的信访事项，或者不能交给这位领导",
            en="there is no such matter, or it cannot go to this leader",
            mend_zh="核对编号；检举控告由有管理权限的机关办理，不走这里",
            mend_en="check the number; accusations go to the organ with authority and not this way",
        )

    @staticmethod
    def not_there(where: str) -> LeadershipError:
        """The official named holds no post in the organ named on that day."""
        return LeadershipError(
            "not-there",
            where=where,
            zh="这位领导当天不在这个机关、单位任职",
            en="this leader holds no post in that organ on that day",
            mend_zh="核对领导和所在的机关、单位，或者先在名录登记任职",
            mend_en="check leader and organ, or enter the appointment in the registry first",
        )

    @staticmethod
    def twice(where: str) -> LeadershipError:
        """The leader receives at these hours already; which organ entered it is not said."""
        return LeadershipError(
            "twice",
            where=where,
            zh="这位领导当天同一时间已经排有接访，一次接访只登记一次",
            en="this leader receives at these hours of that day already; one reception is entered "
            "once",
            mend_zh="用已经登记的那一次；确有两次的，分别填写实际时间",
            mend_en="use the one that is entered; where there are two, give the hours of each",
        )

    @staticmethod
    def no_leader(where: str) -> LeadershipError:
        """The official named leads nothing in the organ that enters it on that day."""
        return LeadershipError(
            "no-leader",
            where=where,
            zh="这个人当天不是本机关、单位领导班子的成员，也没有代行其职务",
            en="this person is not of the leading group of this organ on that day and stands in "
            "for nobody who is",
            mend_zh="选择到场或者指挥的本机关、单位领导；别的机关、单位的领导由他们自己登记",
            mend_en="choose the leader of this organ who came or gave the orders; another organ "
            "enters its own",
        )

    @staticmethod
    def no_day(where: str) -> LeadershipError:
        """The day of reception is not on the roster, or is over, called off or another leader's."""
        return LeadershipError(
            "no-day",
            where=where,
            zh="排班里没有这一天，或者已经接访、取消、调换",
            en="the roster has no such day, or it was held, called off or changed",
            mend_zh="重新打开排班，选择现在公布的日子",
            mend_en="open the roster again and choose a day published now",
        )
