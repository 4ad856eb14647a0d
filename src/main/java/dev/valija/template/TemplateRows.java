package dev.valija.template;

import dev.valija.account.UserId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The table template. */
@Repository
class TemplateRows {
    private final JdbcClient jdbc;

    TemplateRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A row as it is; its content is JSON. */
    record Row(long id, String name, int revision, String content) {}

    List<Template.Summary> list(UserId user) {
        return jdbc.sql("select id, name, revision from template where user_id = ? order by name_key, id")
                .param(user.value())
                .query((rs, n) -> new Template.Summary(rs.getString(1), rs.getString(2), rs.getInt(3)))
                .list();
    }

    int count(UserId user) {
        return jdbc.sql("select count(*) from template where user_id = ?")
                .param(user.value())
                .query(Integer.class)
                .single();
    }

    Optional<Row> find(TemplateKey key) {
        return bind(key, jdbc.sql("""
                        select id, name, revision, content from template where user_id = :user and id = :id
                        """)).query(Row.class).optional();
    }

    /** The same, staying so until the end of the transaction. */
    Optional<Row> lock(TemplateKey key) {
        return bind(key, jdbc.sql("""
                        select id, name, revision, content from template where user_id = :user and id = :id for update
                        """)).query(Row.class).optional();
    }

    Optional<TemplateKey> named(UserId user, String name) {
        return jdbc.sql("select id from template where user_id = ? and name_key = ?")
                .params(user.value(), nameKey(name))
                .query(Long.class)
                .optional()
                .map(id -> new TemplateKey(user, id));
    }

    /** Empty when there is one of that name. */
    Optional<TemplateKey> insert(UserId user, String name, String content) {
        return jdbc.sql("""
                        insert into template (user_id, name, name_key, content)
                        values (:user, :name, :nameKey, cast(:content as json))
                        on conflict (user_id, name_key) do nothing returning id
                        """)
                .param("user", user.value())
                .param("name", name)
                .param("nameKey", nameKey(name))
                .param("content", content)
                .query(Long.class)
                .optional()
                .map(id -> new TemplateKey(user, id));
    }

    /** @throws DuplicateKeyException when another one has that name */
    void update(TemplateKey key, String name, String content) {
        bind(key, jdbc.sql("""
                        update template set name = :name, name_key = :nameKey, content = cast(:content as json),
                               revision = revision + 1, changed_at = now()
                         where user_id = :user and id = :id
                        """))
                .param("name", name)
                .param("nameKey", nameKey(name))
                .param("content", content)
                .update();
    }

    boolean delete(TemplateKey key) {
        return bind(key, jdbc.sql("delete from template where user_id = :user and id = :id"))
                        .update()
                > 0;
    }

    private static StatementSpec bind(TemplateKey key, StatementSpec sql) {
        return sql.param("user", key.user().value()).param("id", key.id());
    }

    private static String nameKey(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
