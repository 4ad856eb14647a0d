package dev.valija.support;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Collects the plan of every statement, which auto_explain tells as a notice. */
public final class Explained extends JdbcTemplate {
    private final List<String> plans;

    public Explained(PGSimpleDataSource source, List<String> plans) {
        super(source);
        this.plans = plans;
        setIgnoreWarnings(false);
    }

    @Override
    protected void handleWarnings(Statement statement) throws SQLException {
        for (var warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (warning.getMessage().contains("plan:")) {
                plans.add(warning.getMessage());
            }
        }
    }
}
