"""Tables of the workshop, one aggregate per file."""

from apps.verticals.workshop.models.appointment import Appointment
from apps.verticals.workshop.models.estimate import Estimate, EstimateDecision, EstimateLine
from apps.verticals.workshop.models.inspection import CheckIn, InspectionPoint, InspectionTemplate, JobPhoto
from apps.verticals.workshop.models.job_card import JobCard, PartRequirement, QualityCheck
from apps.verticals.workshop.models.menu import LabourOperation, ServicePackage, ServicePackageLine
from apps.verticals.workshop.models.task import JobTask, WorkLog

__all__ = [
    "Appointment",
    "CheckIn",
    "Estimate",
    "EstimateDecision",
    "EstimateLine",
    "InspectionPoint",
    "InspectionTemplate",
    "JobCard",
    "JobPhoto",
    "JobTask",
    "LabourOperation",
    "PartRequirement",
    "QualityCheck",
    "ServicePackage",
    "ServicePackageLine",
    "WorkLog",
]
