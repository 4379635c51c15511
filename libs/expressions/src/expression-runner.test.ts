// Expressions in real processes: what they may, what they cost when they misbehave, and that nobody else pays for it.
import { describe, expect, it } from '@jest/globals';
import { codeOf, hostile, isAlive, slow, testRunner, until } from '../testing/runners.ts';

const ok = (value: unknown) => ({ ok: true, value });

describe('an expression', () => {
  it('is given the payload and the event', async () => {
    const { run } = testRunner();
    const text = '{% {"name": $uppercase(name), "type": $event.type} %}';
    expect(await run(text, { payload: { name: 'Ada' } })).toEqual(ok({ name: 'ADA', type: 't' }));
    expect(await run('{% missing %}')).toEqual(ok(undefined));
  });

  it('that fails says why, and its process goes on', async () => {
    const { runner, run } = testRunner({ limits: { cpuMs: 5_000 } });
    await run('{% 1 %}');
    const { processes } = runner.stats;
    const texts = [
      '{% $error("no") %}',
      '{% 1 + "a" %}',
      '{% $eval("1") %}',
      '{% [1..9999999] %}',
      '{% ($loop := function($n){ $loop($n + 1) }; $loop(1)) %}',
      '{% ($loop := function($n){ 1 + $loop($n) }; $loop(1)) %}',
      '{% $sum %}',
      'no braces',
    ];
    const results = await Promise.all(texts.map((text) => run(text)));
    expect(results.map((result) => (result.ok ? 'ok' : `${result.code}: ${result.message.slice(0, 45)}`))).toEqual([
      'expression_failed: no',
      'expression_failed: The right side of the "+" operator must evalu',
      'expression_failed: character 4: $eval is not allowed: it would r',
      'expression_failed: The maximum sequence length of 9999999 was ex',
      'expression_failed: takes more than 250000 steps',
      'expression_failed: Stack overflow. Check for non-terminating rec',
      'expression_failed: the result has a function',
      'expression_failed: the expression must be written {% … %}',
    ]);
    expect(runner.stats).toMatchObject({ failed: 8, killed: 0, processes });
  });

  it('may take and give as much as the limits say', async () => {
    const { run } = testRunner();
    const half = 'x'.repeat(130 * 1024);
    expect(codeOf(await run('{% a %}', { payload: { a: half } }))).toBe('ok');
    expect(codeOf(await run('{% a & a %}', { payload: { a: half } }))).toBe('expression_too_large');
    expect(codeOf(await run('{% 1 %}', { payload: { a: half + half } }))).toBe('expression_too_large');
    expect(codeOf(await run('{% 1 %}', { payload: { a: 1n } }))).toBe('expression_failed');
    expect(codeOf(await run(`{% "${half}" %}`))).toBe('expression_failed');
  });

  it('cannot give what would reach a prototype, and cannot change what others see', async () => {
    const { run } = testRunner();
    const texts = [
      '{% {"__proto__": {"admin": true}} %}',
      '{% {"a": [{"constructor": 1}]} %}',
      '{% $ ~> |a|{"__proto__": {"z": 1}}| %}',
      '{% $ ~> |$sum|{"implementation": function($x){ 42 }}| %}',
      '{% ($f := function($x){ 42 }; $g := function($h){ $ ~> |$sum|{"implementation": $h}| }; $g($f)) %}',
    ];
    const results = await Promise.all(texts.map((text) => run(text, { payload: { a: { b: 1 } } })));
    expect(results.map(codeOf)).toEqual(texts.map(() => 'expression_failed'));
    expect(await run('{% {"sum": $sum([1, 2]), "z": $.z} %}', { workspace: 'other' })).toEqual(ok({ sum: 3 }));
  });

  it('is checked without being evaluated, also where its text is a bomb for the parser', async () => {
    const { runner } = testRunner();
    let bomb = 'a';
    for (let level = 0; level < 40; level++) bomb = `(${bomb} ?? b)`;
    const [sound, unsound, hard, after] = await Promise.all([
      runner.check('{% $error("not evaluated") %}'),
      runner.check('{% $match(a, /(a+)+$/) %}'),
      runner.check(`{% ${bomb} %}`),
      runner.check('{% a %}'),
    ]);
    expect([sound, after]).toEqual([[], []]);
    expect(unsound).toEqual([{ param: 'character 21', msg: expect.stringContaining('regular expressions') }]);
    expect(hard).toEqual([{ param: '', msg: 'takes too much time or memory to read' }]);
    expect(await runner.check('{% $now() %}')).toEqual([
      { param: 'character 4', msg: expect.stringContaining('$now') },
    ]);
  });
});

describe('an evaluation that ends its process', () => {
  it.each(Object.entries(hostile))('by %s is found, and costs nobody else a result', async (_by, text) => {
    const { runner, warnings, run } = testRunner();
    const others = ['a', 'b', 'c', 'd'].map((workspace) => run(`{% "${workspace}" %}`, { workspace }));
    const same = run('{% "same" %}');
    const bad = run(text, { key: 'bad' });
    expect(codeOf(await bad)).toBe('expression_killed');
    expect(await Promise.all([...others, same])).toEqual(['a', 'b', 'c', 'd', 'same'].map(ok));
    expect(runner.stats).toMatchObject({ evaluated: 5, killed: 1, waiting: 0, running: 0 });
    expect(warnings).toContainEqual(
      expect.objectContaining({ event: 'expression.killed', key: 'bad', workspace: 'w' }),
    );
  });

  it('is kept out when it happens too often, for longer each time, and comes back', async () => {
    const clock = { now: 1_700_000_000_000 };
    const { runner, run } = testRunner({ limits: { cpuMs: 50 }, now: () => clock.now });
    const again = async () => codeOf(await run(hostile.cpu, { key: 'bad' }));
    expect([await again(), await again(), await again()]).toEqual(Array(3).fill('expression_killed'));
    expect(await run(hostile.cpu, { key: 'bad' })).toEqual({
      ok: false,
      code: 'expression_quarantined',
      message: expect.stringContaining(new Date(clock.now + 600_000).toISOString()),
    });
    expect(codeOf(await run('{% 1 %}', { key: 'good' }))).toBe('ok');
    expect(runner.stats).toMatchObject({ killed: 3, quarantined: 1 });
    clock.now += 600_000;
    expect(await again()).toBe('expression_killed');
    clock.now += 1_199_999;
    expect(await again()).toBe('expression_quarantined');
    clock.now += 1;
    expect(codeOf(await run('{% 1 %}', { key: 'bad' }))).toBe('ok');
  });
});

describe('a process', () => {
  it('that is killed from outside costs no result', async () => {
    const { runner, run } = testRunner();
    const results = [run(slow), run(slow, { workspace: 'x' })];
    await until(() => runner.stats.running > 0);
    process.kill(runner.stats.processes[0] as number, 'SIGKILL');
    expect((await Promise.all(results)).map(codeOf)).toEqual(['ok', 'ok']);
    expect(runner.stats).toMatchObject({ restarts: 1, killed: 0 });
  });

  it('that does not answer is replaced', async () => {
    const { runner, run } = testRunner({ limits: { silentMs: 400 } });
    await run('{% 1 %}');
    process.kill(runner.stats.processes[0] as number, 'SIGSTOP');
    expect(codeOf(await run('{% 1 %}'))).toBe('ok');
    expect(runner.stats).toMatchObject({ restarts: 1, killed: 0 });
  });

  it('does not heed a signal meant for its parent', async () => {
    const { runner, run } = testRunner();
    await run('{% 1 %}');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.kill(runner.stats.processes[0] as number, signal);
    expect(codeOf(await run('{% 1 %}'))).toBe('ok');
    expect(runner.stats.restarts).toBe(0);
  });

  it('that cannot be started leaves nobody waiting', async () => {
    const { run } = testRunner({ limits: { startMs: 0 } });
    expect(await run('{% 1 %}')).toMatchObject({
      code: 'expression_overloaded',
      message: expect.stringContaining('started'),
    });
  });
});

describe('the runner', () => {
  it('lets a workspace with a thousand slow evaluations delay another by one turn', async () => {
    const { runner, run } = testRunner({ limits: { sliceMs: 0 } });
    let done = 0;
    for (let n = 0; n < 1_000; n++) void run(slow, { workspace: 'busy' }).then(() => done++);
    await until(() => done > 0);
    const before = done;
    expect(codeOf(await run('{% 1 %}', { workspace: 'other' }))).toBe('ok');
    expect(done - before).toBeLessThanOrEqual(2);
    expect(runner.stats.waiting).toBeGreaterThan(900);
  });

  it('says so when too much waits, to the workspace that asks for too much', async () => {
    const { run } = testRunner({ limits: { queuedOfWorkspace: 3 } });
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => run('{% 1 %}')).concat(run('{% 1 %}', { workspace: 'x' })),
    );
    expect(results.map(codeOf)).toEqual(['ok', 'ok', 'ok', 'expression_overloaded', 'ok']);
  });

  it('uses as many processes as it may, and one for each workspace at a time', async () => {
    const { runner, run } = testRunner({ processes: 2 });
    const one = Array.from({ length: 30 }, () => run(slow, { workspace: 'one' }));
    await until(() => runner.stats.running > 0);
    expect(runner.stats.processes).toHaveLength(1);
    const two = run(slow, { workspace: 'two' });
    await Promise.all([...one, two]);
    expect(runner.stats.processes).toHaveLength(2);
  });

  it('leaves no process and no caller waiting when it is closed', async () => {
    const { runner, run } = testRunner({ processes: 2 });
    const results = ['a', 'b', 'c'].flatMap((workspace) => [run(slow, { workspace }), run(hostile.cpu, { workspace })]);
    await until(() => runner.stats.processes.length === 2 && runner.stats.running > 1);
    const pids = runner.stats.processes;
    await runner.close();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(runner.stats).toMatchObject({ processes: [], waiting: 0, running: 0 });
    for (const result of await Promise.all(results)) expect(['ok', 'expression_overloaded']).toContain(codeOf(result));
    expect(codeOf(await run('{% 1 %}'))).toBe('expression_overloaded');
  });

  it('lets work finish when it is closed, for a while', async () => {
    const { runner, run } = testRunner({ limits: { closingMs: 10_000 } });
    const results = [run(slow), run(slow), run('{% 1 %}', { workspace: 'x' })];
    await Promise.all([until(() => runner.stats.waiting > 0), runner.close()]);
    expect((await Promise.all(results)).map(codeOf)).toEqual(['ok', 'ok', 'ok']);
  });
});
