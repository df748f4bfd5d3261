"""Use the local SageMaker as any Python program would: botocore's own client, given nothing but the endpoint.

Keys come from the environment.

Takes the endpoint as its argument; writes what it saw as one JSON object to stdout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import botocore.session  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]


def main(endpoint: str) -> None:
    client = botocore.session.get_session().create_client("sagemaker", region_name="us-east-1", endpoint_url=endpoint)
    client.create_model_package_group(ModelPackageGroupName="from-python")
    arn = client.create_model_package(ModelPackageGroupName="from-python")["ModelPackageArn"]
    described = client.describe_model_package(ModelPackageName=arn)
    pages = client.get_paginator("list_model_packages").paginate(ModelPackageGroupName="from-python")
    json.dump(
        {
            "arn": arn,
            "created": described["CreationTime"].timestamp(),
            "status": described["ModelApprovalStatus"],
            "listed": [item["ModelPackageVersion"] for page in pages for item in page["ModelPackageSummaryList"]],
            "missing_job": error_code(lambda: client.describe_training_job(TrainingJobName="nobody")),
            "unknown_action": error_code(lambda: client.list_endpoints()),
        },
        sys.stdout,
    )


def error_code(call: Callable[[], object]) -> str:
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return "no error"


if __name__ == "__main__":
    main(sys.argv[1])
