import { copyFile, rename, rm, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { run } from "../system/run.ts";
import type { Recipe } from "./recipe.ts";

/** The Node release that package.json pins, from the npm package `node`. */
const PINNED_NODE = join(import.meta.dirname, "../node_modules/node/bin/node");

/** Not part of OpenClaw, which installs plugins with it. */
const NPM = "npm@11";

/** A substitute for OpenClaw's image: the same user, paths and entry point. */
export const gatewayRecipe = (version: string): Recipe => ({
  packages: ["bash", "ca-certificates", "curl", "git", "libstdc++6", "openssl", "procps", "tini"],
  tools: [],

  async stage(root, scratch) {
    const local = join(root, "usr/local");
    const app = join(root, "app");
    const env = {
      // npm picks the native addons for the Node that runs it.
      PATH: [dirname(PINNED_NODE), process.env["PATH"]].join(delimiter),
      npm_config_cache: join(scratch, "npm"),
      // Also where this program is run by `npm run --silent`: what npm says is the reason for a failure.
      npm_config_loglevel: "error",
    };
    const where = ["--global", "--prefix", local];
    const quick = ["--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", ...where, ...quick, `openclaw@${version}`, NPM], { env, apart: true });
    await rename(join(local, "lib/node_modules/openclaw"), app);
    // OpenClaw's own script only: without it, the gateway tries to complete its installation in the read-only image.
    await run("npm", ["run", "--if-present", "postinstall"], { env, cwd: app });
    await rm(join(local, "bin/openclaw"));
    await symlink("/app/openclaw.mjs", join(local, "bin/openclaw"));
    await copyFile(PINNED_NODE, join(local, "bin/node"));
  },

  finish: `
    echo 'node:x:1000:' >> "$1/etc/group"
    echo 'node:x:1000:1000::/home/node:/bin/bash' >> "$1/etc/passwd"
    install -d -o 1000 -g 1000 "$1/home/node" "$1/home/node/.cache" "$1/home/node/.config" "$1/home/node/.local" \
      "$1/home/node/.openclaw" "$1/home/node/.openclaw/workspace"`,

  settings: [
    "USER node",
    "WORKDIR /app",
    "ENV NODE_ENV=production",
    "EXPOSE 18789",
    'ENTRYPOINT ["tini", "-s", "--"]',
    'CMD ["node", "openclaw.mjs", "gateway", "--allow-unconfigured"]',
    "HEALTHCHECK --interval=3m --timeout=10s --start-period=15s CMD " +
      '["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:18789/healthz"]',
  ],
});
