/** What a new server runs once. It may be run again: each step leaves what is done already as it is. */

/** Where the server says how far it has come: `running STEP`, `done`, or `failed STEP: REASON`. */
export const MARK = "/var/lib/agent-fleet/first-boot";

/** One line for each key that may log in: what shows, to whoever knows that key, that the host key is this server's. */
export const PROOFS = "/var/lib/agent-fleet/proofs";

/** The end of the line that is in the authorized keys only for the proofs' sake. */
export const INTRODUCTION = "agent-fleet-introduction";

/** Where the data volume is mounted. */
export const DATA = "/mnt/agent-data";

const VOLUMES = "/var/lib/docker/volumes";

/** A volume is attached when its server exists, and so after the server has begun to start. */
const VOLUME_SECONDS = 300;

/**
 * Docker's volumes and nothing else of Docker is on the data volume: a new server that found its predecessor's containers
 * there would start them, beside those that it is given.
 */
const mountData = `
step 'waiting for the data volume'
device=
for second in $(seq ${VOLUME_SECONDS}); do
  for each in /dev/disk/by-id/scsi-0HC_Volume_*; do [ ! -e "$each" ] || device=$each; done
  [ -z "$device" ] || break
  sleep 1
done
[ -n "$device" ] || fail 'no data volume was attached in ${VOLUME_SECONDS} seconds'

step 'mounting the data volume'
mkdir -p ${DATA} ${VOLUMES}
grep -q ' ${DATA} ' /etc/fstab || echo "$device ${DATA} ext4 discard,nofail,x-systemd.growfs 0 2" >>/etc/fstab
grep -q ' ${VOLUMES} ' /etc/fstab || echo "${DATA}/docker-volumes ${VOLUMES} none bind,nofail,x-systemd.requires-mounts-for=${DATA} 0 0" >>/etc/fstab
systemctl daemon-reload
mountpoint -q ${DATA} || mount ${DATA}
# With nofail it is no error to mount a device that is not there, such as an earlier volume's.
mountpoint -q ${DATA} || fail '${DATA} is not mounted: does /etc/fstab name another volume?'
mkdir -p ${DATA}/docker-volumes
mountpoint -q ${VOLUMES} || mount ${VOLUMES}
`;

export interface Script {
  /** Who may log in as root. */
  readonly publicKeys: readonly string[];
  /** Whether a volume for Docker's volumes will be attached. */
  readonly hasDataVolume: boolean;
}

const letIn = (key: string): string =>
  `grep -qxF '${key}' /root/.ssh/authorized_keys || echo '${key}' >>/root/.ssh/authorized_keys`;

export const renderScript = ({ publicKeys, hasDataVolume }: Script): string => `#!/bin/bash
# Makes this server a host of agents. What it does, and what went wrong: ${MARK}, and cloud-init's output log.
set -Eeuo pipefail

current=start
# Whole or not at all: it is read at any moment.
mark() { echo "$1" >${MARK}.new; mv ${MARK}.new ${MARK}; }
step() { current=$1; mark "running $current"; echo "agent-fleet: $current"; }
fail() { mark "failed $current: $1"; echo "agent-fleet: failed $current: $1" >&2; exit 1; }
trap 'fail "line $LINENO ended with code $?: $BASH_COMMAND"' ERR
mkdir -p /var/lib/agent-fleet

step 'proving the host key'
# With what only this server and whoever ordered it know: a key that nobody else was given. It opens nothing afterwards.
host_key=$(cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)
[ -e ${PROOFS} ] || { grep -o 'ssh-ed25519 [A-Za-z0-9+/=]*' /root/.ssh/authorized_keys || true; } | while read -r key; do
  printf %s "$host_key" | openssl dgst -sha256 -hmac "$key" | sed 's/.* //'
done >${PROOFS}.new
[ -e ${PROOFS} ] || mv ${PROOFS}.new ${PROOFS}
sed -i '/ ${INTRODUCTION}$/d' /root/.ssh/authorized_keys

step 'letting its operators in'
${publicKeys.map(letIn).join("\n")}
systemctl reload ssh

step 'making the swap file'
# For the system's own idle pages. Agents are never swapped: their limits leave no room for it.
if [ ! -e /swapfile ]; then
  fallocate -l 2G /swapfile.new
  chmod 600 /swapfile.new
  mkswap /swapfile.new
  mv /swapfile.new /swapfile
  echo '/swapfile none swap sw 0 0' >>/etc/fstab
  swapon /swapfile
fi
sysctl --quiet --load=/etc/sysctl.d/60-agent-fleet.conf
${hasDataVolume ? mountData : ""}
step 'installing Docker'
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3 4 5; do
  said=$( { apt-get update && apt-get install --yes docker.io iptables nftables unattended-upgrades; } 2>&1 ) && break
  [ "$attempt" != 5 ] || fail "$(tail -n 3 <<<"$said" | tr '\\n' ' ')"
  sleep $((attempt * 5))
done

step 'closing the subnets'
systemctl daemon-reload
systemctl enable --now agent-fleet-firewall.service

step 'starting Docker'
# It may have started with the package, before its configuration was complete.
systemctl restart docker
said=$(docker version 2>&1) || fail "$said"

mark done
`;
