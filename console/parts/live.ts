import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { LiveStream, type Listener } from "./live-stream.ts";

const stream = new LiveStream();
const listen = (listener: Listener) => stream.listen(listener);

/** Calls `listener` for every change that the server tells this person; the caller keeps it the same between renders. */
export function useLive(listener: Listener): void {
  useEffect(() => listen(listener), [listener]);
}

/** Counts changes that the server tells since the last look. Lists show a bar; rows never jump under the pointer. */
export function useNews(types: readonly string[]): { count: number; clear: () => void } {
  const [count, setCount] = useState(0);
  const key = types.join(" ");
  useEffect(
    () =>
      listen((change) => {
        if (change === null || key.split(" ").includes(change.type)) setCount((before) => before + 1);
      }),
    [key],
  );
  return { count, clear: () => setCount(0) };
}

/** After a change of one's own everything shown is asked for again. */
export function useRefreshAll(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries();
}

/** One operation tells several changes; they are asked for together. */
const gatherMs = 300;

/**
 * Asks anew for what is shown of a case whenever the server tells that it changed. Gives the moment of the latest
 * change, `null` before there was one.
 */
export function useLiveCase(instanceId: string): string | null {
  const client = useQueryClient();
  const [changedAt, setChangedAt] = useState<string | null>(null);
  const heard: Listener = useEffectEvent((change) => {
    if (change) setChangedAt(change.at);
    void client.invalidateQueries();
  });
  useEffect(() => {
    let later: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((change) => {
      if (change && change.type !== "clock" && change.instanceId !== instanceId) return;
      clearTimeout(later);
      later = setTimeout(() => heard(change), gatherMs);
    });
    return () => {
      clearTimeout(later);
      stop();
    };
  }, [instanceId]);
  return changedAt;
}
