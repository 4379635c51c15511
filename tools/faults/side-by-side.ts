// Does the same so many times, a few at a time.

export async function sideBySide(
  times: number,
  atATime: number,
  once: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const oneAfterTheOther = async (): Promise<void> => {
    while (next < times) await once(next++);
  };
  await Promise.all(Array.from({ length: atATime }, oneAfterTheOther));
}
