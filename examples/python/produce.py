"""Appends one event to the topic `events`, as a product does that speaks Kafka itself.

Usage: python produce.py [file with the addresses, by default .sluice/local.json of a running `npm start`]
"""

import json
import pathlib
import secrets
import sys
import time
import uuid

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "events"
DELIVERY_TIMEOUT_S = 10


def read_addresses() -> dict:
    local = pathlib.Path(__file__).parents[2] / ".sluice" / "local.json"
    file = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else local
    if not file.exists():
        sys.exit(f"{file} is missing: no local stack is running here (npm start)")
    return json.loads(file.read_text())


def event_serializer(registry_url: str) -> AvroSerializer:
    """Writes with the published schema and never registers one: the contract is Sluice's."""
    registry = SchemaRegistryClient({"url": registry_url})
    schema = registry.get_latest_version(f"{TOPIC}-value").schema
    return AvroSerializer(registry, schema, conf={"auto.register.schemas": False, "use.latest.version": True})


def lead_created(workspace: str) -> dict:
    payload = {"email": "grace@example.com", "first_name": "Grace", "last_name": "Hopper"}
    return {
        # Whoever appends chooses the id; after a failure the same event is appended again with the same one.
        "id": str(uuid.uuid4()),
        "workspace": workspace,
        "event": "lead.created",
        "payload": json.dumps(payload),
        "resource": "contact",
        "resource_id": "contact-1",
        "created_at": time.time_ns() // 1_000_000,
        "created_by": "examples/python",
    }


def append(bootstrap_servers: str, key: str, value: bytes, traceparent: str):
    """Waits until the record stands on all in-sync replicas, and answers with the report on it."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap_servers,
            "acks": "all",
            "enable.idempotence": True,
            "delivery.timeout.ms": DELIVERY_TIMEOUT_S * 1000,
            # As Sluice itself does: events of one resource keep their order only while they share a partition.
            "partitioner": "murmur2_random",
        }
    )
    reports = []
    producer.produce(
        TOPIC,
        key=key,
        value=value,
        headers={"traceparent": traceparent},
        on_delivery=lambda error, message: reports.append((error, message)),
    )
    producer.flush(DELIVERY_TIMEOUT_S + 1)
    if not reports:
        sys.exit(f"{bootstrap_servers} did not confirm the event in {DELIVERY_TIMEOUT_S} s")
    error, message = reports[0]
    if error is not None:
        sys.exit(f"appending to {TOPIC}: {error}")
    return message


def main() -> None:
    addresses = read_addresses()
    event = lead_created(addresses["workspace"])
    value = event_serializer(addresses["registry"])(event, SerializationContext(TOPIC, MessageField.VALUE))
    trace_id = secrets.token_hex(16)
    traceparent = f"00-{trace_id}-{secrets.token_hex(8)}-01"
    # Order is promised for each resource id; an event without one has no key.
    key = f"{event['workspace']}:{event['resource_id']}"
    message = append(addresses["kafka"], key, value, traceparent)
    print(f"event {event['id']} at {message.topic()}[{message.partition()}]@{message.offset()}, trace {trace_id}")


if __name__ == "__main__":
    main()
