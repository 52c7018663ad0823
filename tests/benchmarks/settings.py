"""The product's settings, on the benchmark's own database, with the bare view that it is compared to."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES

ROOT_URLCONF = "tests.benchmarks.urls"
DATABASES["default"]["NAME"] = os.environ.get("BENCHMARK_DATABASE", "asamblea_benchmark")
FOLDER = os.environ.get("BENCHMARK_FOLDER", "server")  # apart without Redis: here nobody watches
