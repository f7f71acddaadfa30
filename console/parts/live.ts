import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** Counts changes that the server tells since the last look. Lists show a bar; rows never jump under the pointer. */
export function useNews(types: readonly string[]): { count: number; clear: () => void } {
  const [count, setCount] = useState(0);
  const key = types.join(" ");
  useEffect(() => {
    const source = new EventSource("/api/events");
    source.addEventListener("change", (event) => {
      const change = JSON.parse(String(event.data)) as { type: string };
      if (key.split(" ").includes(change.type)) setCount((before) => before + 1);
    });
    return () => source.close();
  }, [key]);
  return { count, clear: () => setCount(0) };
}

/** After a change of one's own everything shown is asked for again. */
export function useRefreshAll(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries();
}
