"""The command `dengwen`: the door for administrators, lawyers and auditors.

- main.py: entry; commands.py: what can be asked; office/data_folder.py: the data folder before
  Django knows it
- shell/answer.py: runs a command once Django is there, and turns refusals into answers
- rules/law.py, record/verify.py and what else needs nothing: answered without Django
"""
