"""Every change that the system app makes, and its look at the installation's health."""
