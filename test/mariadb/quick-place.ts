import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const inMemory = "/dev/shm";
const roomNeeded = 2 * 1024 ** 3;

/**
 * Where databases of tests lie: in memory where the machine has two gigabytes of room for them, because tests commit thousands of
 * times and each commit waits for the disk; in the temporary folder otherwise. What is there outlives a process, not the machine.
 */
export function quickPlace(): string {
  return hasRoom(inMemory) ? inMemory : tmpdir();
}

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return false;
  }
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= roomNeeded;
}
