"""练习用的失职行为: what a file orders is written into the invented load through the normal door, with a
sealed key.

Whoever writes scripts here knows the law and the door, and has not read the finders;
docs/how-to/developer/practice.en.md
is all that is needed to write an order.
"""
