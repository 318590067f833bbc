/** The texts are what the programs said: Docker 20.10 and its registry client, OpenSSH 9.2, Caddy 2.11, Squid 5.7; or newer Docker. */
import { describe, expect, it } from "vitest";
import { describeFailure, explainFailure, FAILURES } from "../../../fleet/failures/explain.ts";

interface Case {
  /** As an engine reports it. */
  readonly text: string;
  readonly message: string;
  readonly remedy: string;
  readonly quote: string;
}

const ID = "67958b5ba5e6d76878a7ab140f51133bca06fa40fca05879330c1835fbb0098a";
const notPulled = (image: string, reason: string): string =>
  `image ${image} is not on the host and could not be pulled (${reason}); build or load it there first`;

const NO_RANGE = {
  message: "Docker has no address range left for another network",
  remedy:
    "remove unused networks (docker network ls, docker network rm NAME), or give the daemon more `default-address-pools`",
};
const OVERLAP = {
  message: "its subnet overlaps that of another network on its host",
  remedy:
    "remove that network, or choose other `subnets` for the host. All networks with their subnets: docker network inspect --format '{{.Name}} {{.IPAM.Config}}' $(docker network ls --quiet)",
};
const ARCHITECTURE = {
  message: "its image is for another architecture than its host's",
  remedy:
    "choose an image for the host's: docker info --format '{{.Architecture}}'. An image's is in: docker image inspect --format '{{.Architecture}}' IMAGE",
};
const FULL = {
  message: "the file system that it writes to is full",
  remedy:
    "free space: `df --human-readable` shows what is full, `docker system df` what Docker keeps there, and `docker image prune` removes what is left over of images",
};
const LIMITS = {
  message: "its host's Docker daemon cannot apply the container's limits",
  remedy:
    "`docker info` ends with a warning for each limit that the daemon lacks. Without root it needs cgroup v2; a Raspberry Pi needs cgroup_enable=memory in its kernel's command line",
};
const notOurs = (path: string) => ({
  message: `the gateway may not use ${path}: it runs as user 1000:1000, and files of its volume belong to another`,
  remedy:
    "hand them over: docker run --rm --user root --volumes-from fleet.prod.alice --entrypoint chown $(docker inspect --format '{{.Config.Image}}' fleet.prod.alice) -R 1000:1000 /home/node/.openclaw",
});
const noDaemon = (address: string) => ({
  message: `no Docker daemon answers at ${address}`,
  remedy: "start it and run the command again: sudo systemctl start docker",
});
const forbidden = (address: string) => ({
  message: `this user may not use the Docker daemon at ${address}`,
  remedy:
    "add the user to the group docker, which makes it as powerful as root, and log in again: sudo usermod --append --groups docker $USER",
});
const held = (address: string, port: string) => ({
  message: `another process of its host listens on ${address}`,
  remedy: `stop it, or choose another port. Which one: ss --listening --tcp --processes 'sport = :${port}'`,
});

const CASES: Readonly<Record<string, Case>> = {
  "no address range is left": {
    text: "(HTTP code 404) driver not found - could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network ",
    ...NO_RANGE,
    quote:
      "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
  },
  "no address range is left, newer Docker": {
    text: "(HTTP code 400) bad parameter - all predefined address pools have been fully subnetted ",
    ...NO_RANGE,
    quote: "all predefined address pools have been fully subnetted",
  },
  "a subnet overlaps": {
    text: "(HTTP code 403) unexpected - Pool overlaps with other one on this address space ",
    ...OVERLAP,
    quote: "Pool overlaps with other one on this address space",
  },
  "a subnet overlaps a bridge": {
    text: `(HTTP code 403) unexpected - cannot create network ${ID} (br-67958b5ba5e6): conflicts with network ${ID} (br-67958b5ba5e6): networks have overlapping IPv4 `,
    ...OVERLAP,
    quote:
      "cannot create network 67958b5ba5e6 (br-67958b5ba5e6): conflicts with network 67958b5ba5e6 (br-67958b5ba5e6): networks have overlapping IPv4",
  },
  "a network has containers": {
    text: `(HTTP code 403) unexpected - error while removing network: network fleet.prod.alice id ${ID} has active endpoints `,
    message: "containers are attached to the network fleet.prod.alice",
    remedy:
      "detach them and run the command again: docker network inspect fleet.prod.alice, docker network disconnect --force fleet.prod.alice CONTAINER",
    quote: "error while removing network: network fleet.prod.alice id 67958b5ba5e6 has active endpoints",
  },
  "a network's name is taken": {
    text: "(HTTP code 409) unexpected - network with name fleet.prod.alice already exists ",
    message: "its host has another network of the name fleet.prod.alice",
    remedy:
      "if it is this stack's, `npm run adopt` takes it over; if it is left over, remove it: docker network rm fleet.prod.alice",
    quote: "network with name fleet.prod.alice already exists",
  },
  "a container's name is taken": {
    text: `(HTTP code 409) unexpected - Conflict. The container name "/fleet.prod.alice" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name. `,
    message: "its host has another container of the name fleet.prod.alice: 67958b5ba5e6",
    remedy:
      "if it is this stack's, `npm run adopt` takes it over; otherwise rename it, or remove it: docker rm --force fleet.prod.alice",
    quote:
      'Conflict. The container name "/fleet.prod.alice" is already in use by container "67958b5ba5e6". You have to remove (or rename) that container to be able to reuse that name.',
  },
  "a container's name is taken, by the Pulumi CLI": {
    text: `1 error occurred:\n\t* creating urn:pulumi:prod::agent-fleet::docker:index/container:Container::alice-gateway: 1 error occurred:\n\t* Unable to create container: Error response from daemon: Conflict. The container name "/fleet.prod.alice" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name.\n\n`,
    message: "its host has another container of the name fleet.prod.alice: 67958b5ba5e6",
    remedy:
      "if it is this stack's, `npm run adopt` takes it over; otherwise rename it, or remove it: docker rm --force fleet.prod.alice",
    quote:
      'Unable to create container: Error response from daemon: Conflict. The container name "/fleet.prod.alice" is already in use by container "67958b5ba5e6". You have to remove (or rename) that container to…',
  },
  "a volume is in use": {
    text: `(HTTP code 409) volume is in use - remove fleet.prod.host_ingress: volume is in use - [${ID}] `,
    message: "the volume fleet.prod.host_ingress is in use by container 67958b5ba5e6",
    remedy:
      "if that container is not needed, remove it and run the command again: docker rm --force 67958b5ba5e6",
    quote: "remove fleet.prod.host_ingress: volume is in use - [67958b5ba5e6]",
  },
  "a volume is another user's": {
    text: "exited 3 times. Last log lines:\nsh: 1: cannot create /home/node/.openclaw/openclaw.json: Permission denied\nsh: 1: cannot create /home/node/.openclaw/openclaw.json: Permission denied",
    ...notOurs("/home/node/.openclaw/openclaw.json"),
    quote: "sh: 1: cannot create /home/node/.openclaw/openclaw.json: Permission denied",
  },
  "a file of a volume is another user's": {
    text: "exited 3 times. Last log lines:\nDoctor cannot repair this state: EACCES: permission denied, stat '/home/node/.openclaw/state/openclaw.sqlite'. Stop OpenClaw processes",
    ...notOurs("/home/node/.openclaw/state/openclaw.sqlite"),
    quote:
      "Doctor cannot repair this state: EACCES: permission denied, stat '/home/node/.openclaw/state/openclaw.sqlite'. Stop OpenClaw processes",
  },
  "there are fewer CPUs": {
    text: "(HTTP code 400) bad parameter - Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available ",
    message: "it may use more CPUs than its host has, which are 2",
    remedy:
      "set `cpus` of the host to 2, which limits every agent there to what exists, or choose a smaller class",
    quote: "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
  },
  "a limit cannot be applied": {
    text: `Docker at unix:///run/user/1000/docker.sock refused a limit of 512 processes: (HTTP code 500) server error - Cannot update container ${ID}: runc did not terminate successfully: exit status 1: cannot set pids limit: container could not join or create cgroup\n: unknown `,
    ...LIMITS,
    quote:
      "Docker at unix:///run/user/1000/docker.sock refused a limit of 512 processes: Cannot update container 67958b5ba5e6: runc did not terminate successfully: exit status 1: cannot set pids limit: container…",
  },
  "the kernel has no such limit": {
    text: "(HTTP code 400) bad parameter - Your kernel does not support Block I/O weight or the cgroup is not mounted ",
    ...LIMITS,
    quote: "Your kernel does not support Block I/O weight or the cgroup is not mounted",
  },
  "the disk is full": {
    text: "(HTTP code 500) server error - failed to update bridge store for object type *bridge.networkConfiguration: write /var/lib/docker/network/files/local-kv.db: no space left on device ",
    ...FULL,
    quote:
      "failed to update bridge store for object type *bridge.networkConfiguration: write /var/lib/docker/network/files/local-kv.db: no space left on device",
  },
  "the disk is full for an image": {
    text: "Error processing tar file(exit status 1): write /656a4aa4/layer.tar: no space left on device",
    ...FULL,
    quote: "Error processing tar file(exit status 1): write /656a4aa4/layer.tar: no space left on device",
  },
  "a quota is used up": {
    text: "(HTTP code 500) server error - mkdir /var/lib/docker/overlay2/x-init: disk quota exceeded ",
    message: "the disk quota on its host is used up",
    remedy: FULL.remedy,
    quote: "mkdir /var/lib/docker/overlay2/x-init: disk quota exceeded",
  },
  "the socket is not this user's": {
    text: "connect EACCES /var/run/docker.sock",
    ...forbidden("/var/run/docker.sock"),
    quote: "connect EACCES /var/run/docker.sock",
  },
  "the socket is not this user's, by Docker's own client": {
    text: 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    ...forbidden("unix:///var/run/docker.sock"),
    quote:
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: con…',
  },
  "no daemon runs": {
    text: "unix:///var/run/docker.sock stopped answering (connect ENOENT /var/run/docker.sock). Restore it; the next run continues from here.",
    ...noDaemon("unix:///var/run/docker.sock"),
    quote:
      "unix:///var/run/docker.sock stopped answering (connect ENOENT /var/run/docker.sock). Restore it; the next run continues from here.",
  },
  "no daemon runs at a TCP address": {
    text: "tcp://127.0.0.1:2375 stopped answering (connect ECONNREFUSED 127.0.0.1:2375). Restore it; the next run continues from here.",
    ...noDaemon("tcp://127.0.0.1:2375"),
    quote:
      "tcp://127.0.0.1:2375 stopped answering (connect ECONNREFUSED 127.0.0.1:2375). Restore it; the next run continues from here.",
  },
  "no daemon runs, by Node": {
    text: "connect ECONNREFUSED /var/run/docker.sock",
    ...noDaemon("/var/run/docker.sock"),
    quote: "connect ECONNREFUSED /var/run/docker.sock",
  },
  "no daemon runs, by Docker's own client": {
    text: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    ...noDaemon("unix:///var/run/docker.sock"),
    quote:
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  },

  "an image is missing": {
    text: "(HTTP code 404) no such container - No such image: openclaw/openclaw:2026.9.6 ",
    message: "the image openclaw/openclaw:2026.9.6 is not on its host",
    remedy: "bring it there: npm run images",
    quote: "No such image: openclaw/openclaw:2026.9.6",
  },
  "an image is missing, for an unknown reason": {
    text: notPulled("caddy:2", "socket hang up"),
    message: "the image caddy:2 is not on its host",
    remedy: "bring it there: npm run images",
    quote: "socket hang up",
  },
  "no registry is reached": {
    text: notPulled(
      "caddy:2",
      '(HTTP code 500) server error - Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host ',
    ),
    message:
      "the image caddy:2 is not on its host, and the host cannot reach the registry registry-1.docker.io",
    remedy: "connect the host to it, or bring the image there: npm run images",
    quote:
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
  },
  "a registry has no such tag": {
    text: notPulled("127.0.0.1:5000/x/gone:1", "(HTTP code 500) server error - manifest unknown "),
    message: "the registry does not have the image 127.0.0.1:5000/x/gone:1",
    remedy: "check its name and its tag",
    quote: "manifest unknown",
  },
  "a registry has no such tag, by the Pulumi CLI": {
    text: "1 error occurred:\n\t* Unable to create container with image 127.0.0.1:5000/x/gone:1: unable to pull image 127.0.0.1:5000/x/gone:1: error pulling image 127.0.0.1:5000/x/gone:1: Error response from daemon: manifest unknown\n",
    message: "the registry does not have the image 127.0.0.1:5000/x/gone:1",
    remedy: "check its name and its tag",
    quote:
      "Unable to create container with image 127.0.0.1:5000/x/gone:1: unable to pull image 127.0.0.1:5000/x/gone:1: error pulling image 127.0.0.1:5000/x/gone:1: Error response from daemon: manifest unknown",
  },
  "a registry does not give an image to everybody": {
    text: notPulled(
      "nope/none:1",
      "(HTTP code 404) unexpected - pull access denied for nope/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied ",
    ),
    message: "the registry does not have the image nope/none:1, or does not give it to everybody",
    remedy: "check its name; if it is private: docker login REGISTRY, docker pull IMAGE",
    quote:
      "pull access denied for nope/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  },
  "a registry wants a login": {
    text: notPulled("127.0.0.1:5000/x/y:1", "(HTTP code 500) server error - unauthorized "),
    message: "the registry does not have the image 127.0.0.1:5000/x/y:1, or does not give it to everybody",
    remedy: "check its name; if it is private: docker login REGISTRY, docker pull IMAGE",
    quote: "unauthorized",
  },
  "a registry has given enough": {
    text: notPulled(
      "caddy:2",
      "(HTTP code 500) server error - toomanyrequests: You have reached your pull rate limit. ",
    ),
    message: "the image caddy:2 is not on its host, and the registry allows no more downloads for now",
    remedy: "wait, or log in to the registry: docker login REGISTRY",
    quote: "toomanyrequests: You have reached your pull rate limit.",
  },
  "an image does not exist for an architecture": {
    text: notPulled("caddy:2", "no matching manifest for linux/arm64/v8 in the manifest list entries"),
    message: "the image caddy:2 does not exist for linux/arm64/v8, which its host is",
    remedy: "choose an image that is built for it, or a host of another architecture",
    quote: "no matching manifest for linux/arm64/v8 in the manifest list entries",
  },
  "an image is for another architecture": {
    text: "exited 3 times. Last log lines:\n[FATAL tini (7)] exec sh failed: Exec format error\n[FATAL tini (7)] exec sh failed: Exec format error",
    ...ARCHITECTURE,
    quote: "[FATAL tini (7)] exec sh failed: Exec format error",
  },
  "an image is for another platform": {
    text: "The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64) and no specific platform was requested",
    ...ARCHITECTURE,
    quote:
      "The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64) and no specific platform was requested",
  },

  "a container has the port": {
    text: `(HTTP code 500) server error - driver failed programming external connectivity on endpoint fleet.prod.alice (${ID}): Bind for 127.0.0.1:22560 failed: port is already allocated `,
    message: "another container of its host has 127.0.0.1:22560",
    remedy: "stop it, or choose another port. Which one: docker ps --filter publish=22560",
    quote:
      "driver failed programming external connectivity on endpoint fleet.prod.alice (67958b5ba5e6): Bind for 127.0.0.1:22560 failed: port is already allocated",
  },
  "a process has the port": {
    text: `(HTTP code 500) server error - driver failed programming external connectivity on endpoint fleet.prod.alice (${ID}): Error starting userland proxy: listen tcp4 127.0.0.1:22561: bind: address already in use `,
    ...held("127.0.0.1:22561", "22561"),
    quote:
      "driver failed programming external connectivity on endpoint fleet.prod.alice (67958b5ba5e6): Error starting userland proxy: listen tcp4 127.0.0.1:22561: bind: address already in use",
  },
  "a process has Caddy's port": {
    text: "it keeps exiting: Error: loading initial config: loading new config: http app module: start: listening on :443: listen tcp :443: bind: address already in use",
    ...held(":443", "443"),
    quote:
      "it keeps exiting: Error: loading initial config: loading new config: http app module: start: listening on :443: listen tcp :443: bind: address already in use",
  },
  "a process has Squid's port, by its log": {
    text: "it keeps exiting: 2026/11/30 19:05:21| commBind Cannot bind socket FD 13 to 10.96.0.1:3128: (98) Address already in use",
    ...held("10.96.0.1:3128", "3128"),
    quote:
      "it keeps exiting: 2026/11/30 19:05:21| commBind Cannot bind socket FD 13 to 10.96.0.1:3128: (98) Address already in use",
  },
  "a process has Squid's port": {
    text: "2026/11/30 19:05:21|   Took 0.00 seconds (  0.00 entries/sec).\n2026/11/30 19:05:21| FATAL: Unable to open HTTP Socket\n2026/11/30 19:05:21| Squid Cache (Version 5.7): Terminated abnormally.",
    message: "Squid cannot listen on its port",
    remedy:
      "stop the process that has it, or choose another `egressProxy.port`. All that listen: ss --listening --tcp --processes",
    quote: "2026/11/30 19:05:21| FATAL: Unable to open HTTP Socket",
  },
  "Squid does not take its configuration": {
    text: "2026/11/30 19:05:21| FATAL: Bungled /etc/squid/squid.conf line 3: acl a nosuch x",
    message: "Squid does not accept its configuration, line 3: acl a nosuch x",
    remedy: "undo the last change of `egressProxy` or of an agent's `egress`, and then: npm run up",
    quote: "2026/11/30 19:05:21| FATAL: Bungled /etc/squid/squid.conf line 3: acl a nosuch x",
  },

  "a server has another host key": {
    text: "ssh://root@127.0.0.1:2222 cannot be reached: Host key for [127.0.0.1]:2222 has changed and you have requested strict checking. Host key verification failed. Does this work? ssh -T -l root -p 2222 -- 127.0.0.1 docker version",
    message:
      "[127.0.0.1]:2222 presents a different host key than before: it was reinstalled, or it is a different machine",
    remedy:
      "compare the key with its owner. If it is right, set `hostKey` to it, or without `hostKey`: ssh-keygen -R '[127.0.0.1]:2222'. Then try: ssh -T -l root -p 2222 -- 127.0.0.1 docker version",
    quote:
      "ssh://root@127.0.0.1:2222 cannot be reached: Host key for [127.0.0.1]:2222 has changed and you have requested strict checking. Host key verification failed",
  },
  "a server's host key is not known": {
    text: "ssh://root@203.0.113.5 cannot be reached: No ED25519 host key is known for 203.0.113.5 and you have requested strict checking. Host key verification failed. Does this work? ssh -T -l root -- 203.0.113.5 docker version",
    message: "the host key of 203.0.113.5 is not known here",
    remedy:
      "set `hostKey` (ssh-keyscan -t ed25519 SERVER, checked with its owner), or log in once by hand. Then try: ssh -T -l root -- 203.0.113.5 docker version",
    quote:
      "ssh://root@203.0.113.5 cannot be reached: No ED25519 host key is known for 203.0.113.5 and you have requested strict checking. Host key verification failed",
  },
  "some server's host key is not known": {
    text: "Host key verification failed.",
    message: "the host key of the server is not known here",
    remedy: "set `hostKey` (ssh-keyscan -t ed25519 SERVER, checked with its owner), or log in once by hand",
    quote: "Host key verification failed.",
  },
  "a server does not take the key": {
    text: "root@203.0.113.5: Permission denied (publickey,keyboard-interactive).",
    message: "203.0.113.5 does not let root in with the SSH keys that were offered",
    remedy: "add the public key to root's ~/.ssh/authorized_keys there, or set another `key` or `user`",
    quote: "root@203.0.113.5: Permission denied (publickey,keyboard-interactive).",
  },
  "a server refuses": {
    text: "ssh://root@203.0.113.5:2222 cannot be reached: ssh: connect to host 203.0.113.5 port 2222: Connection refused. Does this work? ssh -T -l root -p 2222 -- 203.0.113.5 docker version",
    message: "no SSH server answers at 203.0.113.5, port 2222",
    remedy:
      "check `address` and `port`, that the server runs, and that its firewall lets this machine in. Then try: ssh -T -l root -p 2222 -- 203.0.113.5 docker version",
    quote:
      "ssh://root@203.0.113.5:2222 cannot be reached: ssh: connect to host 203.0.113.5 port 2222: Connection refused",
  },
  "a server is silent": {
    text: "Connection timed out during banner exchange\nConnection to 203.0.113.5 port 22 timed out",
    message: "no SSH server answers at 203.0.113.5, port 22",
    remedy: "check `address` and `port`, that the server runs, and that its firewall lets this machine in",
    quote: "Connection to 203.0.113.5 port 22 timed out",
  },
  "a server's name is unknown": {
    text: "ssh: Could not resolve hostname one.invalid: Name or service not known",
    message: "the name one.invalid has no address here",
    remedy: "check `address`, and DNS",
    quote: "ssh: Could not resolve hostname one.invalid: Name or service not known",
  },
};

const STEP = { stack: "prod", name: "alice-gateway" };

describe("a failure of Docker, SSH or a service", () => {
  it.each(Object.entries(CASES))("is explained, with a remedy and its own words: %s", (_, known) => {
    const { text, ...explanation } = known;
    expect(explainFailure(text, STEP)).toEqual(explanation);
    expect(describeFailure(text, STEP)).toBe(
      `${explanation.message}\n-> ${explanation.remedy}\n(${explanation.quote})`,
    );
  });

  it.each(FAILURES.map((failure) => [failure.pattern, failure] as const))("has a case: %s", (_, failure) => {
    const first = Object.values(CASES).map(({ text }) => FAILURES.find(({ pattern }) => pattern.test(text)));
    expect(first).toContain(failure);
  });

  it("names a container only where the step is an agent's", () => {
    const { text } = CASES["a volume is another user's"] ?? { text: "" };
    for (const step of [undefined, { stack: "prod", name: "local-ingress" }]) {
      expect(explainFailure(text, step)?.remedy).toContain("--volumes-from CONTAINER ");
    }
  });
});

it.each([
  "image pulls are slow today",
  "exited 3 times. Last log lines:\nFailed to start: connect ECONNREFUSED 127.0.0.1:11434",
  "exited 3 times. Last log lines:\nEACCES: permission denied, open '/etc/shadow'",
  "mkdir /sys/fs/cgroup/cpuset/docker/x: no space left on device",
  "OCI runtime create failed: runc did not terminate successfully: exit status 2: unknown",
  "Permission denied",
])("a text that is no known failure stays as it is: %s", (text) => {
  expect(explainFailure(text)).toBeUndefined();
  expect(describeFailure(text)).toBe(text);
});
