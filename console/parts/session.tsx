import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, type ReactNode } from "react";
import type { Me } from "../../server/api/session/session.schema.ts";
import { api, ApiProblem, keepCsrfToken } from "../api/client.ts";
import { useAttempt } from "./attempt.ts";

const SessionContext = createContext<Me | null>(null);

/** Who is signed in; `signedOut` is shown when nobody is. */
export function Session({ signedOut, children }: { signedOut: ReactNode; children: ReactNode }) {
  const { data, error, isPending } = useQuery({
    queryKey: ["session"],
    queryFn: () => api.get<Me>("/api/session"),
    retry: false,
    refetchInterval: 60_000,
  });
  if (isPending) return null;
  if (error instanceof ApiProblem || !data) return <>{signedOut}</>;
  keepCsrfToken(data.csrfToken);
  return <SessionContext value={data}>{children}</SessionContext>;
}

export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error("used outside a session");
  return me;
}

export function useSignOut(): () => Promise<boolean> {
  const client = useQueryClient();
  const attempt = useAttempt();
  return () =>
    attempt(async () => {
      await api.remove("/api/session");
      client.clear();
      window.location.assign("/");
    });
}
