"""Bytes to pictures, pages and sound, and back. Used inside an executor's child; libraries are imported on use."""
