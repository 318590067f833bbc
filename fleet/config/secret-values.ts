/** What looks like a secret: it does not belong into plain settings, and is never printed. */

/** Forms that issuers give their keys so that they are recognized. */
const KNOWN = [
  "sk-[A-Za-z0-9_-]{8,}",
  "[rs]k_(?:live|test)_[A-Za-z0-9]{8,}",
  "xox[a-z]-[A-Za-z0-9-]{8,}",
  "xapp-[A-Za-z0-9-]{8,}",
  "gh[a-z]_[A-Za-z0-9]{16,}",
  "github_pat_[A-Za-z0-9_]{16,}",
  "glpat-[A-Za-z0-9_-]{16,}",
  "(?:AKIA|ASIA)[A-Z0-9]{12,}",
  "AIza[A-Za-z0-9_-]{30,}",
  "hf_[A-Za-z0-9]{20,}",
  "xai-[A-Za-z0-9_-]{20,}",
  "tskey-[A-Za-z0-9-]{8,}",
  // A Telegram bot's.
  "\\d{8,10}:[A-Za-z0-9_-]{30,}",
  // A JSON web token.
  "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_.-]+",
  "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*",
].join("|");

/** Base64 or hexadecimal digits without any order in them. Words, paths and names of hosts have no such mixture. */
const RANDOM =
  "(?=[A-Za-z0-9+/_=-]*[0-9])(?:[0-9a-fA-F]{32,}|(?=[A-Za-z0-9+/_=-]*[a-z])(?=[A-Za-z0-9+/_=-]*[A-Z])[A-Za-z0-9+/_=-]{32,})";

const SECRET = new RegExp(`(?<![A-Za-z0-9])(?:${KNOWN}|${RANDOM})`);
const SECRETS = new RegExp(SECRET, "g");

const SECRET_NAME = /(?:key|token|secret|password|passphrase)s?$/i;
/** A value without a structure of its own, such as a path, an address or a sentence. */
const OPAQUE = /^[A-Za-z0-9+/_=.:-]{16,}$/;

const HIDDEN = "(hidden: it looks like a secret)";

/** A text without the secrets in it. */
export const withoutSecrets = (text: string): string => text.replaceAll(SECRETS, HIDDEN);

/** A value that may be shown under its name. */
export const shownAs = (name: string, value: string): string =>
  SECRET_NAME.test(name) && OPAQUE.test(value) ? HIDDEN : withoutSecrets(value);

const LONG = /^[A-Za-z0-9+/_=-]{32,}$/;
const PASSWORD_NAME = /(?:PASSWORD|PASSWD|PASSPHRASE|PASS)$/;
/** A password in a URL. */
const CREDENTIALS = /:\/\/[^\s/:@]*:[^\s/@]+@/;

/** Whether an environment variable looks like a key or a password, by its value, by its name, or by its name and its length. */
export const looksSecret = (variable: string, value: string): boolean =>
  SECRET.test(value) ||
  CREDENTIALS.test(value) ||
  (PASSWORD_NAME.test(variable) && value !== "") ||
  (/_(?:KEY|TOKEN|SECRET)$/.test(variable) && LONG.test(value));
