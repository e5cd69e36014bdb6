import type { LoginAnswer, SecondStepAnswer, Session } from "@mycloud/protocol/session";
import { HttpError } from "react-admin";
import { sessionIn } from "../../login/second-step-needed.ts";
import { mayAccess } from "../access.ts";
import type { ConsoleAuth } from "../types.ts";
import type { ApiClient } from "./api-client.ts";

/** Sessions over the control plane's cookies. The session is asked for once and kept until something says it is over. */
export function createRestAuthProvider(api: ApiClient): ConsoleAuth {
  let known: Promise<Session> | undefined;

  function remember(asked: Promise<Session>): Promise<Session> {
    const session = asked.then((answer) => {
      api.setCsrfToken(answer.csrfToken);
      return answer;
    });
    // A failure is not remembered: the next question asks again.
    session.catch(() => {
      if (known === session) known = undefined;
    });
    known = session;
    return session;
  }
  const session = () => known ?? remember(api.get<Session>("/session"));

  return {
    session,
    login: async ({ email, password }: { email: string; password: string }) => {
      await remember(api.send<LoginAnswer>("POST", "/session", { email, password }).then(sessionIn));
    },
    secondStep: async (request) => {
      const answer = await api.send<SecondStepAnswer>("POST", "/session/second-step", request);
      await remember(Promise.resolve(answer));
      return answer;
    },
    logout: async () => {
      if (!known) return;
      known = undefined;
      // Signed out already, or the server is away: either way there is nothing to keep here.
      await api.send("DELETE", "/session").catch(() => undefined);
      api.setCsrfToken(null);
    },
    // A server that is away is no reason to sign anybody out: the pages say what is wrong.
    checkAuth: async () => {
      await session().catch((error: unknown) => {
        if (error instanceof HttpError && (error.status === 401 || error.status === 403)) throw error;
      });
    },
    checkError: async (error: unknown) => {
      if (!(error instanceof HttpError) || error.status !== 401) return;
      known = undefined;
      throw error;
    },
    getIdentity: async () => {
      const { user } = await session();
      return { id: user.id ?? user.name, fullName: user.name };
    },
    // Nobody has none: a rejection here would lead pages for people who are not signed in (links in mails) to the sign-in page.
    getPermissions: async () => {
      try {
        return (await session()).user;
      } catch (error) {
        if (error instanceof HttpError && error.status === 401) return undefined;
        throw error;
      }
    },
    canAccess: async ({ action, resource }) => mayAccess((await session()).user, action, resource),
  };
}
