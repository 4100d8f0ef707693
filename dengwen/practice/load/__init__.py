"""A lifelike load for the invented district, written through the door like everything else."""
