"""Vehicles of customers: identity, plates that move between vehicles, owners, odometer readings.

Owns Vehicle, PlateAssignment, Ownership, OdometerReading and the list of makes and models. A plate belongs to its owner:
it is a dated assignment, and the database allows one vehicle per plate at a time. A VIN is unique in an organization.
"""
