package dev.valija.upstream.discovery;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** SRV records (RFC 2782), asked of the machine's name servers within seconds. */
final class ServiceRecords {
    private static final int MOST = 5;

    /** One record. */
    private record Service(int priority, int weight, int port, String target) {}

    /** The servers of a service, best first; none when the domain publishes none or no name server answers. */
    List<ServerSettings> of(String service, Security security) {
        var services = new ArrayList<Service>();
        try {
            Attribute records = lookUp(service);
            for (int i = 0; records != null && i < records.size(); i++) {
                parse(String.valueOf(records.get(i))).ifPresent(services::add);
            }
        } catch (NamingException e) {
            return List.of(); // no such name, or nobody to ask
        }
        return services.stream()
                .sorted(Comparator.comparingInt(Service::priority)
                        .thenComparing(Comparator.comparingInt(Service::weight).reversed()))
                .limit(MOST)
                .map(found -> new ServerSettings(found.target, found.port, security))
                .toList();
    }

    // JNDI asks for a Hashtable, and its DNS provider knows only records of text: there is nothing to deserialize.
    @SuppressWarnings({"JdkObsolete", "BanJNDI"})
    private static Attribute lookUp(String service) throws NamingException {
        var environment = new Hashtable<String, String>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", "1500");
        environment.put("com.sun.jndi.dns.timeout.retries", "1");
        var context = new InitialDirContext(environment);
        try {
            return context.getAttributes(service, new String[] {"SRV"}).get("SRV");
        } finally {
            context.close();
        }
    }

    /** RFC 6186 3.4: a target of "." says that the service is decidedly not there. */
    private static Optional<Service> parse(String record) {
        String[] fields = record.strip().split(" ", -1);
        if (fields.length != 4 || fields[3].equals(".") || fields[3].length() > 254) {
            return Optional.empty();
        }
        String target = fields[3].endsWith(".") ? fields[3].substring(0, fields[3].length() - 1) : fields[3];
        try {
            int port = Integer.parseInt(fields[2]);
            return port < 1 || port > 65535 || target.isBlank()
                    ? Optional.empty()
                    : Optional.of(new Service(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), port, target));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
