import { config } from "zod";

// Pages forbid `eval`, and the browser reports even zod's harmless look whether it may. Comes before whatever reads with zod.
config({ jitless: true });
