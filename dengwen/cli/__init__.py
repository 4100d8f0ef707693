"""The command `dengwen`: the door for administrators, lawyers and auditors.

- main.py: entry; arguments.py: what can be asked; beginnings.py: the data folder before Django
  knows it
- answering.py: runs a command once Django is there, and turns refusals into answers
- law.py, packs.py, verifying.py: answered without Django
"""
