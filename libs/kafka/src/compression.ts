// Compresses batches with zstd, which Node brings along: what services tell one another repeats itself a lot, and every byte is copied five times.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';

/** The fastest level: batches are small and similar, higher ones gain little. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** A broker takes no record batch above 1 MB, but what one decompresses to is nobody's promise. */
const decompressedBytesMax = 64 * 1024 * 1024;

/** Teaches kafkajs zstd; Kafka's other clients know it. Before anything is appended or read. */
export function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer, options)),
    decompress: (buffer: Buffer) =>
      Promise.resolve(zstdDecompressSync(buffer, { maxOutputLength: decompressedBytesMax })),
  });
}
