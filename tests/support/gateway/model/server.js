// A stand-in for a provider of models: OpenAI's `/v1/chat/completions`, streamed or not, with one answer for everything.
// POST /hold keeps the answers that come back until POST /release, so that several turns are in progress at once.

import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const { PORT, ANSWER } = process.env;
/** By the response that waits: the address of the gateway. */
const waiting = new Map();
let isHolding = false;
let answered = 0;

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const base = (object) => ({ id: "chatcmpl-1", object, created: 0, model: "model" });

function answer(response, isStreamed) {
  if (response.destroyed) return;
  answered++;
  if (!isStreamed) {
    const message = { role: "assistant", content: ANSWER };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ ...base("chat.completion"), choices, usage }));
    return;
  }
  response.setHeader("Content-Type", "text/event-stream");
  const send = (change) =>
    response.write(`data: ${JSON.stringify({ ...base("chat.completion.chunk"), ...change })}\n\n`);
  for (const content of ANSWER.split(/(?<= )/))
    send({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  send({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

async function complete(request, response) {
  const { stream = false } = await json(request);
  if (!isHolding) return answer(response, stream);
  waiting.set(response, { address: request.socket.remoteAddress, release: () => answer(response, stream) });
  response.on("close", () => waiting.delete(response));
}

function release() {
  isHolding = false;
  for (const { release: answerNow } of waiting.values()) answerNow();
}

const server = createServer((request, response) => {
  switch (`${request.method} ${request.url}`) {
    case "POST /v1/chat/completions":
      return complete(request, response);
    case "POST /hold":
      isHolding = true;
      return response.end();
    case "POST /release":
      release();
      return response.end();
    case "GET /turns":
      return response.end(
        JSON.stringify({ answered, waiting: [...waiting.values()].map(({ address }) => address) }),
      );
    default:
      response.statusCode = 404;
      return response.end();
  }
});
server.listen(Number(PORT), "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
