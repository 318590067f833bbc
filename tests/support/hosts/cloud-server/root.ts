/** The root file system that cloud servers start from: a plain Debian like a provider's image, without Docker. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianPackages, sourcesFrom } from "../../../../images/debian.ts";
import { aptInstall } from "../../../../system/apt.ts";
import { onPath } from "../../../../system/on-path.ts";
import { run } from "../../../../system/run.ts";

const RELEASE = "trixie";

/** A new number for each change to what is in it. */
export const ROOT = join(tmpdir(), "agent-fleet-server-root-v1");

const PACKAGES = [
  // For containers of the tests', which need a root of one file.
  "busybox-static",
  "ca-certificates",
  "cloud-init",
  "e2fsprogs",
  "ifupdown",
  "iproute2",
  "kmod",
  "linux-sysctl-defaults",
  "netbase",
  "openssh-server",
  "openssl",
  "procps",
  "systemd-sysv",
  "udev",
];

/** What the first boot installs, which has to be found without a network. */
const INSTALLED_LATER = ["docker.io", "iptables", "nftables", "unattended-upgrades"];

const LEFT_OUT = ["/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/man/*"];

/**
 * An archive of Debian's packages in the machine itself, because it has no way to a mirror: apt really installs from it, with
 * what the packages recommend. Not tested thereby: signatures, and mirrors that fail.
 */
const ARCHIVE = `set -e
ROOT=$1
inside() { chroot "$ROOT" "$@"; }
inside apt-get clean
inside apt-get --option APT::Install-Recommends=true install --yes --download-only ${INSTALLED_LATER.join(" ")}
mkdir "$ROOT/srv/archive"
mv "$ROOT"/var/cache/apt/archives/*.deb "$ROOT/srv/archive"
cd "$ROOT/srv/archive"
for package in *.deb; do
  dpkg-deb --field "$package"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$package" "$(stat --format %s "$package")" "$(sha256sum <"$package" | cut -d ' ' -f 1)"
done >Packages
rm -f "$ROOT"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/archive ./' >"$ROOT/etc/apt/sources.list"
rm -f "$ROOT"/etc/ssh/ssh_host_*
`;

async function makeRoot(root: string): Promise<void> {
  const mirrors = await run("apt-get", [
    "indextargets",
    "--format",
    "$(REPO_URI) $(LABEL)",
    "Identifier: Packages",
  ]);
  await run("unshare", [
    // In a mount namespace of its own, whatever it mounts cannot outlive it.
    "--mount",
    "nice",
    "mmdebstrap",
    "--mode=root",
    "--variant=apt",
    `--include=${PACKAGES.join(",")}`,
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--customize-hook=${ARCHIVE}`,
    RELEASE,
    root,
    ...sourcesFrom(mirrors).map((source) => source.replaceAll("bookworm", RELEASE)),
  ]);
}

/** Creates the root file system where there is none yet, which takes a minute. */
export async function prepareServers(): Promise<void> {
  const needed = { "openssh-client": "ssh", iproute2: "ip", e2fsprogs: "mkfs.ext4" };
  const missing = Object.entries(needed).flatMap(([name, command]) => (onPath(command) ? [] : [name]));
  await aptInstall([...debianPackages(), ...missing], () => {});
  if (existsSync(ROOT)) return;
  const aside = `${ROOT}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  try {
    await makeRoot(aside);
    renameSync(aside, ROOT);
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(ROOT)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
