"""The mind of JARVIS: plan, select, execute, respond. Imports no other room of the house."""
