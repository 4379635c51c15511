# The images of Sluice's own services, one target or one APP each; docker-compose.yml names them all.
# By hand: docker build --target service --build-arg APP=apps/router --tag sluice-router .
ARG NODE_IMAGE=node:24

# Bundles every app into one file, dist/<app>/main.mjs. The same for all images, so it is built once.
FROM ${NODE_IMAGE} AS build
ENV CI=true
WORKDIR /sluice
# The pnpm that everybody works with, whose version only this file states.
COPY tools/toolchain/package.json tools/toolchain/
RUN npm install --global "pnpm@$(node -p "require('./tools/toolchain/package.json').dependencies.pnpm")"
# Packages before sources: they are fetched again only when the lockfile changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
COPY patches patches
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN set -e; for main in apps/*/main.ts apps/connectors/*/main.ts; do node tools/build.mjs "$(dirname "$main")"; done

# Not root: a service needs to write nothing but its log, which goes to standard output.
FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
USER node

# A destination to try deliveries on.
FROM runtime AS receiver
COPY tools/package.json tools/
COPY tools/local/entry.ts tools/local/receiver.ts tools/local/
COPY tools/compose/receiver.ts tools/compose/
EXPOSE 3009
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3009/').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "tools/compose/receiver.ts"]

# One-time work for a stack in containers: its vault keys, its demo.
FROM runtime AS demo
USER root
# A volume takes the owner of the folder that it is first mounted on.
RUN install --directory --owner=node --group=node /vault /demo
USER node
COPY tools/package.json tools/
COPY tools/local tools/local
COPY tools/compose tools/compose
COPY --from=build /sluice/dist/apps/setup dist/apps/setup
ENTRYPOINT ["node", "tools/compose/demo.ts"]

# A service: the app that APP names, as the files that it is bundled into.
FROM runtime AS service
ARG APP
COPY --from=build /sluice/dist/${APP}/ ./
# Two heaps of the C library for all threads: as many as it likes are 4 MB more in every process. And what is large is given back when
# it is freed, instead of kept in them: 40 MB less in a connector after a burst.
ENV HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072
EXPOSE 3000
# A service listens only once it is ready.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The registry's client asks url.parse() for its own, fixed URL; the warning about it would stand between the log lines.
ENTRYPOINT ["node", "--disable-warning=DEP0169", "main.mjs"]
