# Two images from one build: `distributed` (default) speaks to Kafka, ClickHouse and Redis; `embedded` brings its own
# engines and needs no server.
# Another where that one cannot be had: see test/support/image/build-image.sh.
ARG BASE=node:24-bookworm-slim
FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY schemas schemas
COPY services services
RUN npm run build

FROM build AS embedded-modules
RUN npm prune --omit=dev

FROM build AS distributed-modules
RUN npm prune --omit=dev --omit=optional

FROM ${BASE} AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 ROLLCALL_DATA_DIR=/data
# A named volume takes the owner of the folder that it covers: /keys is where roles share the signing key.
RUN mkdir /data /keys /months && chown node:node /data /keys /months && chmod 700 /keys /months
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/schemas schemas
COPY --from=build /app/dist dist
USER node
EXPOSE 8080
VOLUME /data
ENTRYPOINT ["node", "dist/services/main.cjs"]

FROM runtime AS embedded
COPY --from=embedded-modules /app/node_modules node_modules
CMD ["start"]

FROM runtime AS distributed
COPY --from=distributed-modules /app/node_modules node_modules
CMD ["api"]
