"""Backing up data: asked for, made by a job, downloaded, deleted when its time is over."""
