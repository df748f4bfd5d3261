"""The columns of the Breast Cancer Wisconsin (Diagnostic) set, in order, under names that suit a schema."""

# Each is measured on every nucleus in the image, and given as mean, standard error and worst (mean of the three largest).
MEASUREMENTS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
)

FEATURES = (
    tuple(f"mean_{name}" for name in MEASUREMENTS)
    + tuple(f"{name}_error" for name in MEASUREMENTS)
    + tuple(f"worst_{name}" for name in MEASUREMENTS)
)

TARGET = "diagnosis"

# In the order of project.ts; the last is the positive class.
CLASSES = ("benign", "malignant")
