# A local Aerostack in a container:
#
#   docker build --tag aerostack-emulator .
#   docker run --publish 127.0.0.1:8787:8787 \
#     --env AEROSTACK_EMULATOR_API_KEY=ac_secret_mine --env AEROSTACK_EMULATOR_PUBLIC_KEY=ac_public_mine aerostack-emulator
#
# The keys are your own: inside the container the emulator listens on all addresses.
FROM rust:1.89-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --release --package aerostack-emulator

FROM debian:bookworm-slim
RUN useradd --system --create-home --home-dir /data emulator
COPY --from=build /src/target/release/aerostack-emulator /usr/local/bin/aerostack-emulator
USER emulator
WORKDIR /data
EXPOSE 8787
ENV AEROSTACK_EMULATOR_DATA=/data/aerostack
ENTRYPOINT ["aerostack-emulator"]
CMD ["start", "--listen", "0.0.0.0", "--allow-network"]
