"""Rows of the shipped project: the real ones, and as many generated ones as are asked for."""
