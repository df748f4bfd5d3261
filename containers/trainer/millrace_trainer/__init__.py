"""Millrace's trainer: runs a project's scikit-learn code under SageMaker's container contract and writes an ONNX model.

Project code imports `BuildConfig` from here, for its types and nothing else.
"""

from millrace_trainer.build_config import BuildConfig, Feature, HyperparameterError, Hyperparameters, Target

__all__ = ["BuildConfig", "Feature", "HyperparameterError", "Hyperparameters", "Target"]
