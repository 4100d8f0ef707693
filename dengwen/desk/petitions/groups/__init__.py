"""The pages of a group visit: `/desk/petitions/groups/`."""
