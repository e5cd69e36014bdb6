import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentQuestion } from "@mycloud/protocol/agent-question";
import type { Request, Response } from "express";
import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import {
  DomainError,
  InputError,
  MisdirectedError,
  NotFoundError,
  TooManyRequestsError,
  UnavailableError,
} from "../error/index.ts";
import { runEvery } from "../schedule/index.ts";
import { createAnswerBody } from "./answer-body.ts";
import type { AgentAnswer, AskAgent } from "./ask-agent.ts";
import { type AskedAgent, findAskedAgent, offlineWords } from "./asked-agent.ts";
import type { QuestionBoard } from "./question-board.ts";
import { type QuestionLimits, questionLimits } from "./question-limits.ts";
import { answerHead, hasAnswerBody, openAnswer } from "./read-answer.ts";
import { sendBody } from "./send-body.ts";
import { createWaiting, type Waiting } from "./waiting-question.ts";

/** Hosts whose agents have their stream here. */
type HostsHere = Pick<ReadonlySet<number>, "has" | "size">;

export interface AgentQuestionsDependencies {
  readonly database: Pick<ConnectedDatabase, "db">;
  /** The streams that this process holds. */
  readonly streams: {
    /** False when the agent of this host has no stream here. */
    send(hostId: number, event: string, data: unknown): boolean;
    hosts(): HostsHere;
  };
  /** Null where no other control plane can have the agent. */
  readonly board: QuestionBoard | null;
  readonly logger: Logger;
  readonly now: () => number;
  readonly limits?: Partial<QuestionLimits>;
}

export interface AgentQuestions {
  readonly ask: AskAgent;
  /** Takes an agent's answer in; resolves when it was passed on whole or is not wanted any more. Throws NotFoundError and MisdirectedError. */
  takeAnswer(questionId: string, hostId: number, request: Request): Promise<void>;
  /** Gives an agent what came with its question. Throws as `takeAnswer`. */
  giveBody(questionId: string, hostId: number, response: Response): Promise<void>;
  start(): void;
  /** Ends what waits. */
  stop(): Promise<void>;
}

/** A path list that is longer does not fit an event of the stream. */
const maximumDeliveryBytes = 512 * 1024;
const lookForStreamEveryMs = 200;
const claimEveryMs = 400;
const sweepEvery = 150;

/** Makes the place where questions wait, in this process. */
export function createAgentQuestions(deps: AgentQuestionsDependencies): AgentQuestions {
  const { database, streams, board, logger, now } = deps;
  const limits = { ...questionLimits, ...deps.limits };
  const waitings = new Map<string, Waiting>();
  /** Questions, also those whose answer is still under way, by host. */
  const counts = new Map<number, number>();
  let total = 0;
  let claims = 0;
  let claiming: ReturnType<typeof runEvery> | undefined;
  const stopping = new AbortController();

  /** Takes one of the places there are; what it answers gives it back, once. */
  function takePlace(hostId: number, hostName: string): () => void {
    const count = counts.get(hostId) ?? 0;
    if (count >= limits.perHost) throw new TooManyRequestsError(`${hostName} is asked for much already; try again`, 2);
    if (total >= limits.inAll) throw new TooManyRequestsError("many machines are looked at at once; try again", 5);
    counts.set(hostId, count + 1);
    total++;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      total--;
      const left = (counts.get(hostId) ?? 1) - 1;
      if (left === 0) counts.delete(hostId);
      else counts.set(hostId, left);
    };
  }

  /** Sends a question to where the agent's stream is. Throws UnavailableError when it is nowhere. */
  async function deliver(waiting: Waiting, agent: AskedAgent): Promise<void> {
    const { hostId, delivery } = waiting;
    const isHere = streams.hosts().has(hostId);
    const offline = () => new UnavailableError(offlineWords(agent, now()), 60);
    if (!isHere && !agent.isSeen) throw offline();
    const posted = { hostId, delivery };
    await board?.post(posted, now() + limits.heardWithinMs, isHere ? now() : null);
    if (streams.send(hostId, "question", delivery) || board !== null) return;
    // It was heard of lately: perhaps it is just connecting again.
    for (let waitedMs = 0; waitedMs < limits.streamWithinMs; waitedMs += lookForStreamEveryMs) {
      await sleep(lookForStreamEveryMs, undefined, { signal: waiting.signal });
      if (streams.send(hostId, "question", delivery)) return;
    }
    throw offline();
  }

  const ask: AskAgent = async (hostId, question, { signal, body }) => {
    signal.throwIfAborted();
    const agent = await findAskedAgent(database.db, hostId, now());
    if (agent === undefined) throw new NotFoundError(`there is no machine ${hostId}`);
    if (!agent.hasAgent) throw new UnavailableError(offlineWords(agent, now()), 60);
    const leavePlace = takePlace(hostId, agent.hostName);
    const delivery = { questionId: randomUUID(), question, hasBody: body !== undefined };
    const waiting = createWaiting({
      hostId,
      hostName: agent.hostName,
      delivery,
      body,
      limits,
      signal: AbortSignal.any([signal, stopping.signal]),
      onHeard: () => void board?.extend(delivery.questionId, now() + limits.totalMs).catch(() => undefined),
    });
    let isAnswered = false;
    try {
      refuseLong(delivery);
      waitings.set(delivery.questionId, waiting);
      deliver(waiting, agent).catch((error: unknown) => waiting.fail(error));
      const answer = await waiting.answer;
      isAnswered = true;
      void waiting.ended.then(leavePlace);
      return answer;
    } finally {
      waitings.delete(delivery.questionId);
      if (!isAnswered) leavePlace();
      void board?.remove(delivery.questionId).catch(() => undefined);
    }
  };

  /** What waits for this host. Another host's question is as good as none. */
  async function waitingOf(questionId: string, hostId: number): Promise<Waiting> {
    const waiting = waitings.get(questionId);
    if (waiting !== undefined && waiting.hostId === hostId) return waiting;
    if (waiting === undefined && (await board?.isWaiting(questionId, hostId, now())) === true) {
      throw new MisdirectedError("another control plane waits for this answer; send it again over another connection");
    }
    throw new NotFoundError("nobody waits for the answer to this question");
  }

  async function takeAnswer(questionId: string, hostId: number, request: Request): Promise<void> {
    const waiting = await waitingOf(questionId, hostId);
    if (!waiting.beginAnswer()) throw new NotFoundError("this question is being answered already");
    waiting.heard();
    let isOver = false;
    const gone = waiting.settled.then(() => {
      if (!isOver) throw new NotFoundError("nobody waits for the answer to this question any more");
    });
    gone.catch(() => undefined);
    try {
      const opened = await Promise.race([openAnswer(request), gone.then(() => null)]);
      if (opened === null) return;
      isOver = true;
      const { question } = waiting.delivery;
      const head = answerHead(question, opened.head);
      if (!hasAnswerBody(question)) {
        waiting.resolve({ head, body: null }, Promise.resolve(true));
        return;
      }
      const { body, ended } = createAnswerBody(request, opened, waiting.hostName, limits, waiting.outerSignal);
      waiting.resolve({ head, body } satisfies AgentAnswer, ended);
      await ended;
    } catch (error) {
      isOver = true;
      if (error instanceof NotFoundError && waiting.isSettled()) throw error;
      // An answer that broke off before it said anything may come once more.
      if (request.destroyed && !(error instanceof DomainError)) waiting.endAnswer();
      else waiting.fail(error);
    }
  }

  async function giveBody(questionId: string, hostId: number, response: Response): Promise<void> {
    const waiting = await waitingOf(questionId, hostId);
    const body = waiting.takeBody();
    if (body === undefined) throw new NotFoundError("nothing came with this question");
    waiting.heard();
    try {
      await sendBody(response, body, waiting.heard);
    } catch (error) {
      waiting.fail(error instanceof DomainError ? error : new InputError("what was sent broke off before its end"));
    }
  }

  async function claim(): Promise<void> {
    if (board === null) return;
    if (++claims % sweepEvery === 0) await board.removeExpired(now());
    const here = streams.hosts();
    if (here.size === 0) return;
    for (const { hostId, delivery } of await board.claim(here, now())) streams.send(hostId, "question", delivery);
  }

  return {
    ask,
    takeAnswer,
    giveBody,
    start() {
      if (board !== null)
        claiming = runEvery({ name: "agent-questions", intervalMs: claimEveryMs, job: claim, logger });
    },
    async stop() {
      stopping.abort(new UnavailableError("the control plane is stopping"));
      await claiming?.stop();
    },
  };
}

function refuseLong(delivery: { readonly question: AgentQuestion }): void {
  if (Buffer.byteLength(JSON.stringify(delivery)) <= maximumDeliveryBytes) return;
  throw new InputError("these are too many paths for one question; ask for fewer at a time");
}
