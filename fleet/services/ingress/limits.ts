/**
 * What clients may cost the ingress. Memory is bounded by a product: every connection is an open file, open files are limited,
 * and what one can hold is limited by the sizes below.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

export const MEMORY_MB = 512;

/** Where Go begins to collect in earnest, MiB: the kernel counts more than Go does. */
export const HEAP_MB = 448;

/** The configuration and the certificates of a full host, MiB. */
const BASE_MB = 64;

const HEADER_BYTES = 16 * KIB;

/**
 * The most that an open file stands for: a head that grew to its limit and was copied while it grew, TLS's record of 16 KiB,
 * the buffers of a connection and of a proxied stream, and two stacks. A stream of HTTP/2 that is proxied has an open file of
 * its own, towards the gateway.
 */
export const CONNECTION_BYTES = 2 * HEADER_BYTES + 64 * KIB;

/** A proxied connection has two. */
export const OPEN_FILES = Math.floor(((HEAP_MB - BASE_MB) * MIB) / CONNECTION_BYTES);

/**
 * Of every server. A limit on how long a whole request or answer may take is left out: it would end uploads and WebSockets.
 * HTTP/3 is left out because all its connections share one open file.
 */
export const SERVER_LIMITS = {
  read_header_timeout: "15s",
  idle_timeout: "2m",
  max_header_bytes: HEADER_BYTES,
  protocols: ["h1", "h2"],
};

/** The first handler of every server's first route. */
export const BODY_LIMIT = { handler: "request_body", max_size: 64 * MIB };
