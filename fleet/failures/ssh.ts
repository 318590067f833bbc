/** Logins, by the words of OpenSSH. */
import { type Failure, found } from "./failure.ts";

/** With the command that tries the login, where the text has it. */
const withTrial = (remedy: string, { input }: RegExpExecArray): string => {
  const command = /Does this work\? (ssh [^\n]+)/.exec(input)?.[1];
  return command === undefined ? remedy : `${remedy}. Then try: ${command}`;
};

export const SSH: readonly Failure[] = [
  {
    pattern: /Host key for (\S+) has changed/,
    explain: (match) => ({
      message: `${found(match)} presents a different host key than before: it was reinstalled, or it is a different machine`,
      remedy: withTrial(
        `compare the key with its owner. If it is right, set \`hostKey\` to it, or without \`hostKey\`: ssh-keygen -R '${found(match)}'`,
        match,
      ),
    }),
  },
  {
    pattern: /No \S+ host key is known for (\S+)|Host key verification failed/,
    explain: (match) => ({
      message: `the host key of ${found(match) || "the server"} is not known here`,
      remedy: withTrial(
        "set `hostKey` (ssh-keyscan -t ed25519 SERVER, checked with its owner), or log in once by hand",
        match,
      ),
    }),
  },
  {
    pattern: /([\w.-]+)@(\S+): Permission denied \(/,
    explain: (match) => ({
      message: `${match[2]} does not let ${match[1]} in with the SSH keys that were offered`,
      remedy: withTrial(
        `add the public key to ${match[1]}'s ~/.ssh/authorized_keys there, or set another \`key\` or \`user\``,
        match,
      ),
    }),
  },
  {
    pattern: /connect to host (\S+) port (\d+): |Connection to (\S+) port (\d+) timed out/,
    explain: (match) => ({
      message: `no SSH server answers at ${match[1] ?? match[3]}, port ${match[2] ?? match[4]}`,
      remedy: withTrial(
        "check `address` and `port`, that the server runs, and that its firewall lets this machine in",
        match,
      ),
    }),
  },
  {
    pattern: /Could not resolve hostname ([^\s:]+)/,
    explain: (match) => ({
      message: `the name ${found(match)} has no address here`,
      remedy: withTrial("check `address`, and DNS", match),
    }),
  },
];
