# Two stages: what builds is not what runs. glibc images only: Temporal's core does not load on musl.
# The tag is pinned; for live duty pin the digest that your registry gives for it as well.
ARG NODE_IMAGE=node:20.20.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The workflow bundle is made here, so that what was tested is what runs.
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    SEVENTYTWO_HEALTH_LISTEN=0.0.0.0:7280
# tini: process 1 hands signals on, so that a stop is an orderly stop.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin seventytwo \
  && mkdir -p /var/lib/seventytwo/journal /var/lib/seventytwo/watchdog \
  && chown -R 10001:10001 /var/lib/seventytwo
WORKDIR /app
COPY --from=build /build/dist ./
COPY --from=build /build/node_modules ./node_modules
USER 10001:10001
EXPOSE 7272 7274 7280
# Alive, and not ready: a worker whose database is away goes on holding the clock, and a new start would not bring the database back.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["node", "bin/health.mjs", "alive"]
ENTRYPOINT ["tini", "--", "node", "bin/seventytwo.mjs"]
CMD ["serve"]
