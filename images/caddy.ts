import { join } from "node:path";
import { run } from "../system/run.ts";
import { findGo } from "./go.ts";
import type { Recipe } from "./recipe.ts";

const MODULE = "github.com/caddyserver/caddy/v2";

/** A substitute for Caddy's image: the same binary path, folders and capability. */
export const caddyRecipe = (version: string): Recipe => ({
  packages: ["ca-certificates", "libcap2-bin"],

  async stage(root, scratch) {
    const go = await findGo(scratch);
    // Built outside its own repository Caddy does not know its version.
    const flags = `-s -w -X ${MODULE}.CustomVersion=v${version}`;
    await run(go.command, ["install", "-trimpath", "-ldflags", flags, `${MODULE}/cmd/caddy@v${version}`], {
      apart: true,
      env: { ...go.env, GOBIN: join(root, "usr/bin"), CGO_ENABLED: "0" },
    });
  },

  finish: `
    mkdir -p "$1/config/caddy" "$1/data/caddy" "$1/etc/caddy" "$1/srv"
    chroot "$1" setcap cap_net_bind_service=+ep /usr/bin/caddy`,

  settings: [
    "WORKDIR /srv",
    `ENV CADDY_VERSION=v${version}`,
    "ENV XDG_CONFIG_HOME=/config",
    "ENV XDG_DATA_HOME=/data",
    "EXPOSE 80 443 443/udp 2019",
    'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
  ],
});
