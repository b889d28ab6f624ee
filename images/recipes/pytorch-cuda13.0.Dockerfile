# PyTorch on CUDA 13.0, whose boxes start Salvor's agent by themselves. Hosts need a driver >= 580.65.06: cuda_max_good>=13.0.
# Load the carrier first (images/carrier.sh), then: docker build -f images/recipes/pytorch-cuda13.0.Dockerfile .
ARG CARRIER=salvor-carrier:0.1.0-SNAPSHOT
ARG BASE=pytorch/pytorch:2.9.0-cuda13.0-cudnn9-runtime
FROM ${CARRIER} AS carrier

FROM ${BASE}
# flock and setsid for onstart.sh; rsync and an ssh client for a code directory that is synced.
RUN apt-get update && apt-get install -y --no-install-recommends util-linux rsync openssh-client \
    && rm -rf /var/lib/apt/lists/*
COPY --from=carrier /opt/salvor /opt/salvor
# The platform's launcher takes this place where it has one; elsewhere the container is its agent's.
CMD ["bash", "/opt/salvor/onstart.sh"]
