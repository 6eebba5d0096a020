"""The workshop: appointments, job cards from check-in to hand-over, inspection, estimate, tasks, parts, quality check.

Owns Appointment, JobCard and everything below it, ServicePackage and LabourOperation. Every step of a card is one
service that checks right, state and preconditions, does all its effects together and tells the world.
"""
