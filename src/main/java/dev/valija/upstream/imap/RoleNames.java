package dev.valija.upstream.imap;

import dev.valija.upstream.MailboxRole;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What mailboxes are called by servers and clients that say no roles, in the common languages. */
final class RoleNames {
    private static final Map<String, MailboxRole> BY_NAME = new HashMap<>();

    static {
        names(
                MailboxRole.SENT,
                "Sent|Sent Items|Sent Messages|Sent Mail|Sent-Mail|Enviados|Elementos enviados|"
                        + "Mensajes enviados|Correo enviado|Gesendet|Gesendete Elemente|Gesendete Objekte|"
                        + "Gesendete Nachrichten|Envoyés|Éléments envoyés|Messages envoyés|"
                        + "Courrier envoyé|Inviati|Posta inviata|Elementi inviati|Messaggi inviati|Itens enviados|"
                        + "Mensagens enviadas|E-mails enviados|Verzonden|Verzonden items|Verzonden berichten|Wysłane|"
                        + "Elementy wysłane|Skickat|Skickade|Skickade objekt|Skickade meddelanden|Sendt|Sendte|"
                        + "Sendt post|Sendte elementer|Sendte meldinger|Sendte e-mails|Lähetetyt|Lähetetyt viestit|"
                        + "Отправленные|Отправленные письма|Надіслані|Odeslané|Odeslaná pošta|Odoslané|"
                        + "Gönderilenler|Gönderilmiş Öğeler|Gönderilmiş Postalar|Elküldött|Elküldött elemek|Trimise|"
                        + "Απεσταλμένα|Enviats|Bidalitakoak|送信済み|送信済みトレイ|送信済みメール|送信済みアイテム|已发送|"
                        + "已发送邮件|已发送消息|寄件備份|已傳送郵件|보낸 편지함|보낸편지함|보낸메일함|נשלחו|المرسلة|البريد المرسل");
        names(
                MailboxRole.DRAFTS,
                "Drafts|Draft|Borradores|Entwürfe|Entwurf|Brouillons|Brouillon|Bozze|Rascunhos|Concepten|"
                        + "Szkice|Kopie robocze|Wersje robocze|Utkast|Kladder|Kladde|Luonnokset|Черновики|Чернетки|"
                        + "Koncepty|Rozepsané|Taslaklar|Piszkozatok|Schițe|Ciorne|Πρόχειρα|Esborranys|Zirriborroak|"
                        + "下書き|草稿|草稿箱|草稿夹|임시 보관함|임시보관함|טיוטות|المسودات|مسودات");
        names(
                MailboxRole.TRASH,
                "Trash|Deleted|Deleted Items|Deleted Messages|Bin|Wastebasket|Papelera|Elementos eliminados|"
                        + "Mensajes eliminados|Eliminados|Papierkorb|Gelöscht|Gelöschte Elemente|Gelöschte Objekte|"
                        + "Gelöschte Nachrichten|Corbeille|Éléments supprimés|Messages supprimés|Cestino|"
                        + "Posta eliminata|Elementi eliminati|Lixeira|Lixo|Itens excluídos|Itens eliminados|Prullenbak|"
                        + "Prullenmand|Verwijderde items|Verwijderde berichten|Kosz|Elementy usunięte|Papperskorg|"
                        + "Papperskorgen|Borttagna objekt|Borttagna meddelanden|Papirkurv|Papirkurven|Slettet post|"
                        + "Slettede elementer|Slettede meldinger|Roskakori|Poistetut|Poistetut viestit|Корзина|"
                        + "Удаленные|Удалённые|Кошик|Видалені|Koš|Odstraněná pošta|Kôš|Çöp|Çöp Kutusu|Silinmiş Öğeler|"
                        + "Kuka|Törölt elemek|Lomtár|Coș de gunoi|Κάδος απορριμμάτων|Paperera|Zakarrontzia|ゴミ箱|"
                        + "削除済みアイテム|削除済みメール|已删除|已删除邮件|已删除消息|垃圾桶|刪除的郵件|휴지통|지운 편지함|אשפה|"
                        + "المهملات|المحذوفة|العناصر المحذوفة");
        names(
                MailboxRole.JUNK,
                "Junk|Spam|Junk E-mail|Junk Email|Junk Mail|Bulk|Bulk Mail|Correo no deseado|"
                        + "Correo basura|Junk-E-Mail|Unerwünscht|Werbung|Spamverdacht|Courrier indésirable|"
                        + "Indésirables|Pourriel|Posta indesiderata|Indesiderata|Lixo eletrônico|Lixo eletrónico|"
                        + "Correio não solicitado|Ongewenste e-mail|Ongewenst|Spam-mail|Wiadomości-śmieci|Niechciane|"
                        + "Skräppost|Uønsket e-mail|Uønsket post|Søppelpost|Søppel-e-post|Roskaposti|"
                        + "Нежелательная почта|Спам|Небажана пошта|Nevyžádaná pošta|Nevyžiadaná pošta|Önemsiz|"
                        + "Önemsiz E-posta|İstenmeyen|Gereksiz|Levélszemét|Ανεπιθύμητα|Correu brossa|Zaborra|"
                        + "迷惑メール|垃圾邮件|垃圾郵件|정크 메일|스팸 편지함|스팸메일함|דואר זבל|البريد غير المرغوب|بريد مزعج");
        names(
                MailboxRole.ARCHIVE,
                "Archive|Archives|Archived|Archivo|Archivos|Archiv|Archivio|Arquivo|Arquivos|Archief|Archiwum|"
                        + "Arkiv|Arkisto|Архив|Архів|Archív|Arşiv|Archívum|Arhivă|Αρχείο|Arxiu|Artxiboa|"
                        + "アーカイブ|存档|归档|封存|보관함|ארכיון|الأرشيف|أرشيف");
        names(MailboxRole.SNOOZED, "Snoozed|Pospuestos|Zurückgestellt");
    }

    private RoleNames() {}

    private static void names(MailboxRole role, String names) {
        for (String name : names.split("\\|", -1)) {
            BY_NAME.put(key(name), role);
        }
    }

    /** The role that the last part of a mailbox name stands for, or null. */
    static @Nullable MailboxRole of(String name) {
        return BY_NAME.get(key(name));
    }

    private static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
    }
}
