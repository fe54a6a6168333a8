# Two stages: what builds is not what runs. glibc images only: Temporal's core does not load on musl.
FROM node:20.20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20.20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/dist ./
COPY --from=build /build/node_modules ./node_modules
RUN useradd --uid 10001 --no-create-home seventytwo \
  && mkdir -p /var/lib/seventytwo/journal && chown -R 10001:10001 /var/lib/seventytwo
USER 10001
ENTRYPOINT ["node", "bin/seventytwo.mjs"]
CMD ["serve"]
