"""The international security system as a computational model."""

__version__ = "0.1.0"
