// The jobs on Kafka Streams, as its documentation writes such programs: records as classes, Jackson for JSON, the DSL where it reaches.
// Exactly once, with commits every 100 ms. The first argument is the job; the rest comes from the environment, as for the other programs.
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public final class Jobs {
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Reading(String car, int lap, double speed, double lat, double lon, long ts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Force(String car, double glat, double glon, long ts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Place(String car, double lat, double lon, long ts) {}

    public record Metres(String car, long ts, int lap, double speed_ms) {}

    public record Stats(double sum, double min, double max, long n) {
        static final Stats NONE = new Stats(0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0);

        Stats add(double x) {
            return new Stats(sum + x, Math.min(min, x), Math.max(max, x), n + 1);
        }
    }

    public record Window(String car, long start, double mean, double min, double max, long n) {}

    public record Mean(String car, long start, double mean, long n) {}

    public record Way(String car, long ts, double dist) {}

    public record Placed(String car, long ts, double glat, double glon, double lat, double lon) {}

    static final ObjectMapper JSON = new ObjectMapper();

    static <T> Serde<T> json(Class<T> type) {
        return Serdes.serdeFrom((topic, value) -> {
            try {
                return JSON.writeValueAsBytes(value);
            } catch (IOException e) {
                throw new SerializationException(e);
            }
        }, (topic, bytes) -> {
            try {
                return bytes == null ? null : JSON.readValue(bytes, type);
            } catch (IOException e) {
                throw new SerializationException(e);
            }
        });
    }

    /** Sums are kept in 32 bytes: as JSON they would cost more than they do. */
    static final Serde<Stats> STATS = Serdes.serdeFrom(
            (topic, s) -> s == null ? null : ByteBuffer.allocate(32).putDouble(s.sum).putDouble(s.min).putDouble(s.max).putLong(s.n).array(),
            (topic, b) -> {
                if (b == null) {
                    return null;
                }
                ByteBuffer in = ByteBuffer.wrap(b);
                return new Stats(in.getDouble(), in.getDouble(), in.getDouble(), in.getLong());
            });

    /** A place is earlier by a millisecond than it says, so that it comes before the forces of its time. */
    static final TimestampExtractor TIME = (r, before) -> {
        if (r.value() instanceof Reading v) {
            return v.ts;
        }
        if (r.value() instanceof Force v) {
            return v.ts;
        }
        return r.value() instanceof Place v ? v.ts - 1 : r.timestamp();
    };

    public static void main(String[] args) throws Exception {
        String in = System.getenv("IN"), out = System.getenv("OUT");
        StreamsBuilder b = new StreamsBuilder();
        switch (args[0]) {
            case "j1" -> metres(b, in, out);
            case "j2" -> windows(b, in, TimeWindows.ofSizeAndGrace(Duration.ofSeconds(10), Duration.ZERO))
                    .to(out, Produced.with(Serdes.String(), json(Window.class)));
            case "j3" -> windows(b, in, TimeWindows.ofSizeAndGrace(Duration.ofSeconds(10), Duration.ZERO).advanceBy(Duration.ofSeconds(1)))
                    .mapValues(w -> new Mean(w.car, w.start, w.mean, w.n)).to(out, Produced.with(Serdes.String(), json(Mean.class)));
            case "j4" -> ways(b, in, out);
            case "j5" -> placed(b, in, out);
            default -> throw new IllegalArgumentException(args[0]);
        }
        KafkaStreams streams = new KafkaStreams(b.build(), settings());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close(Duration.ofSeconds(20));
            ended.countDown();
        }));
        streams.start();
        ended.await();
    }

    static Properties settings() {
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getenv("GROUP"));
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BOOTSTRAP"));
        p.put(StreamsConfig.STATE_DIR_CONFIG, System.getenv("STATE_DIR"));
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        p.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 2000);
        p.put("auto.offset.reset", "earliest");
        return p;
    }

    static KStream<String, Reading> readings(StreamsBuilder b, String in) {
        return b.stream(in, Consumed.with(Serdes.String(), json(Reading.class)).withTimestampExtractor(TIME));
    }

    static void metres(StreamsBuilder b, String in, String out) {
        readings(b, in).mapValues(r -> new Metres(r.car, r.ts, r.lap, r.speed / 3.6))
                .filter((k, r) -> r.speed_ms > 50)
                .to(out, Produced.with(Serdes.String(), json(Metres.class)));
    }

    static KStream<String, Window> windows(StreamsBuilder b, String in, TimeWindows spans) {
        return readings(b, in).groupByKey(Grouped.with(Serdes.String(), json(Reading.class)))
                .windowedBy(spans)
                .aggregate(() -> Stats.NONE, (k, r, s) -> s.add(r.speed), Materialized.with(Serdes.String(), STATS))
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                .toStream()
                .map((w, s) -> KeyValue.pair(w.key(),
                        new Window(w.key(), w.window().start(), s.sum / s.n, s.min, s.max, s.n)));
    }

    static void ways(StreamsBuilder b, String in, String out) {
        b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("ways"), Serdes.String(), STATS).withCachingEnabled());
        readings(b, in).processValues(Distance::new, "ways").to(out, Produced.with(Serdes.String(), json(Way.class)));
    }

    /** The place and the way of a car lie in the numbers of a Stats. */
    static final class Distance implements FixedKeyProcessor<String, Reading, Way> {
        private FixedKeyProcessorContext<String, Way> context;
        private KeyValueStore<String, Stats> ways;

        @Override
        public void init(FixedKeyProcessorContext<String, Way> context) {
            this.context = context;
            this.ways = context.getStateStore("ways");
        }

        @Override
        public void process(FixedKeyRecord<String, Reading> r) {
            Reading v = r.value();
            Stats was = ways.get(r.key());
            double dist = was == null ? 0 : was.sum + haversine(was.min, was.max, v.lat, v.lon);
            ways.put(r.key(), new Stats(dist, v.lat, v.lon, 0));
            context.forward(r.withValue(new Way(v.car, v.ts, dist)));
        }
    }

    static double haversine(double lat1, double lon1, double lat2, double lon2) {
        double rad = Math.PI / 180, y = Math.sin((lat2 - lat1) * rad / 2), x = Math.sin((lon2 - lon1) * rad / 2);
        return 2 * 6371000 * Math.asin(Math.sqrt(y * y + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * x * x));
    }

    /** There is no as-of join: a table of places, and two topics that are read in the order of their times. */
    static void placed(StreamsBuilder b, String in, String out) {
        KTable<String, Place> places = b.table(in + "-gps", Consumed.with(Serdes.String(), json(Place.class)).withTimestampExtractor(TIME));
        b.stream(in + "-g", Consumed.with(Serdes.String(), json(Force.class)).withTimestampExtractor(TIME))
                .join(places, (f, p) -> new Placed(f.car, f.ts, f.glat, f.glon, p.lat, p.lon), Joined.with(Serdes.String(), json(Force.class), json(Place.class)))
                .to(out, Produced.with(Serdes.String(), json(Placed.class)));
    }
}
