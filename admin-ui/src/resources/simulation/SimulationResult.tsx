import type { SimulatedMessage, SimulationAnswer } from "@mycloud/protocol/notification";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute, formatDuration } from "../../time/duration.ts";

function afterText(atMs: number, fromMs: number): string {
  return atMs <= fromMs ? "at once" : `after ${formatDuration((atMs - fromMs) / 1000)}`;
}

/** The messages that would go out, and when and why nobody is told. */
export function SimulationResult({ answer }: { answer: SimulationAnswer }) {
  const { messages, silences, atMs } = answer;
  const who = [...new Set(messages.map(({ contactName }) => contactName))];
  const [firstSilence] = silences;
  return (
    <div className="stack" aria-live="polite">
      <p className="notice" style={{ borderLeftColor: who.length > 0 ? "var(--fill-ok)" : undefined, margin: 0 }}>
        {who.length > 0 ? (
          <>
            <b>{who.join(", ")}</b> would be told that{" "}
            <b>{answer.service === null ? answer.host : `${answer.service} on ${answer.host}`}</b> is {answer.state}:{" "}
            {messages.length} {messages.length === 1 ? "message" : "messages"}, the first{" "}
            {afterText(messages[0]?.sentAtMs ?? atMs, atMs)}.
          </>
        ) : (
          <>
            <b>Nobody would be told</b>
            {firstSilence ? `: ${firstSilence.message}.` : "."}
          </>
        )}
      </p>
      {messages.length > 0 ? (
        <Panel title="Messages" isFlush>
          <MessageTable messages={messages} fromMs={atMs} />
        </Panel>
      ) : null}
      {silences.length > 0 && messages.length > 0 ? (
        <Panel title="Then silence">
          <ul className="told">
            {silences.map(({ atMs: at, reason, message }) => (
              <li key={`${at} ${reason}`}>
                <span title={formatAbsolute(at)}>{afterText(at, atMs)}</span>: {message}{" "}
                <span className="quiet">({reason})</span>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </div>
  );
}

function MessageTable({ messages, fromMs }: { messages: readonly SimulatedMessage[]; fromMs: number }) {
  return (
    <table className="table cards" aria-label="Messages that would go out">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">By</th>
          <th scope="col">Rule</th>
          <th scope="col">How</th>
        </tr>
      </thead>
      <tbody>
        {messages.map((message) => (
          <tr key={`${message.atMs} ${message.contactName} ${message.ruleName} ${message.number}`}>
            <td>
              <b>{afterText(message.sentAtMs, fromMs)}</b>{" "}
              <span className="quiet">{formatAbsolute(message.sentAtMs)}</span>
            </td>
            <td>
              <b>{message.contactName}</b>
            </td>
            <td>
              {message.channels.map(({ type, address }) => (
                <div key={`${type} ${address}`} className="clip">
                  {type} <span className="quiet">{address}</span>
                </div>
              ))}
            </td>
            <td>
              {message.ruleName}
              {message.via ? <span className="quiet"> · {message.via}</span> : null}
            </td>
            <td className="quiet">
              {message.form === "single" ? `message ${message.number}` : `${message.form}, message ${message.number}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
