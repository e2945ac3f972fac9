# A machine that grades, or a worker that grades for a scheduler: see the guide's page "Machines for grading".
#   docker build --tag course-grading .
FROM debian:13-slim

SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Debian keeps a version only until the next one that mends it: to pin it would be to lose the repair.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 grader

WORKDIR /opt/course
COPY bootstrap.py pyproject.toml requirements.lock README.md LICENSE LICENSE-TEXT nbgrader_config.py ./
COPY autograder autograder
COPY source source
RUN python3 bootstrap.py /opt/grading --only grading cluster assignments postgresql && rm -rf /root/.cache

ENV PATH=/opt/grading/bin:$PATH
USER 10001
WORKDIR /home/grader
CMD ["python", "-m", "autograder", "doctor"]
