// Ids that follow from others must not change between releases: receivers and replays rely on them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deliveryId, eventKey, isUuid } from './ids.ts';

describe('derived ids', () => {
  it('are the UUID v5 any language computes', () => {
    // python3 -c "import uuid; print(uuid.uuid5(uuid.UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), 'f47ac10b-58cc-4372-a567-0e02b2c3d479'))"
    expect(deliveryId('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'f47ac10b-58cc-4372-a567-0e02b2c3d479')).toBe(
      '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8',
    );
  });

  it('are the same again, and differ where the parts differ', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.uuid(), (event, rule, other) => {
        fc.pre(rule !== other);
        expect(deliveryId(event, rule)).toBe(deliveryId(event, rule));
        expect(deliveryId(event, rule)).not.toBe(deliveryId(event, other));
        expect(isUuid(deliveryId(event, rule))).toBe(true);
      }),
    );
  });
});

describe('the key of an event', () => {
  it('is workspace and resource id, or nothing', () => {
    expect(eventKey({ workspace: 'w', resource_id: 'r' })).toBe('w:r');
    expect(eventKey({ workspace: 'w', resource_id: null })).toBeNull();
  });
});
